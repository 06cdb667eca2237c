/** Rules of CRDs (`x-kubernetes-validations`), for the part of CEL that this operator's own rules are written in. */
import type { JsonObject } from '../object.ts';
import { CelEvaluationError } from './error.ts';
import { evaluate } from './evaluate.ts';
import { parseCel } from './parse.ts';

/** Whether the rule holds for a value of the right shape; a rule that fails to evaluate does not hold. */
export type CelRule = (self: unknown) => boolean;

/** @throws CelSyntaxError for what this part of CEL does not have */
export function compileRule(text: string): CelRule {
  const expression = parseCel(text);
  return (self) => {
    const variables: JsonObject = { self };
    try {
      return evaluate(expression, variables) === true;
    } catch (error) {
      if (error instanceof CelEvaluationError) return false;
      throw error;
    }
  };
}
