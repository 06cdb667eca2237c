/** Calls functions and methods: counts arguments, fits them to parameters, says what went wrong. */

import { TemplateError } from './errors.ts';
import { type Evaluator, type Final, missing } from './evaluate.ts';
import { LimitError, type TemplateFunction } from './function.ts';
import type { Operand } from './node.ts';
import { isTrue } from './truth.ts';
import { anyType, type GoType } from './types.ts';
import type { Value } from './value.ts';

export interface CallSite {
  readonly dot: Value;
  readonly node: Operand;
  readonly name: string;
  readonly fn: TemplateFunction;
  /** The name itself comes first, if there is more than the name. */
  readonly args: readonly Operand[];
  readonly final: Final;
}

/** Evaluated by the engine itself, because they stop at the first argument that decides. */
export const shortCircuits: ReadonlySet<string> = new Set(['and', 'or']);

export function callFunction(evaluator: Evaluator, site: CallSite): Value {
  const operands = site.args.slice(1);
  checkCount(evaluator, site, operands.length);
  if (shortCircuits.has(site.name) && site.node.kind === 'identifier') return shortCircuit(evaluator, site, operands);
  const values = operands.map((operand, index) =>
    evaluator.evalArgument(site.dot, parameterAt(site.fn, index), operand),
  );
  if (site.final !== missing) {
    values.push(evaluator.fit(site.final, parameterAt(site.fn, values.length)));
  }
  return run(evaluator, site, values);
}

function checkCount(evaluator: Evaluator, { name, fn, final }: CallSite, given: number): void {
  const count = given + (final === missing ? 0 : 1);
  const wanted = fn.parameters.length;
  if (fn.variadic === true) {
    if (count < wanted - 1) {
      evaluator.fail(`wrong number of args for ${name}: want at least ${wanted - 1} got ${given}`);
    }
  } else if (count !== wanted) {
    evaluator.fail(`wrong number of args for ${name}: want ${wanted} got ${count}`);
  }
}

function parameterAt(fn: TemplateFunction, index: number): GoType {
  return fn.parameters[Math.min(index, fn.parameters.length - 1)] ?? anyType;
}

function shortCircuit(evaluator: Evaluator, site: CallSite, operands: readonly Operand[]): Value {
  let value: Value = null;
  for (const operand of operands) {
    value = evaluator.evalArgument(site.dot, anyType, operand);
    if (isTrue(value) === (site.name === 'or')) return value;
  }
  return site.final === missing ? value : site.final;
}

function run(evaluator: Evaluator, { name, node, fn }: CallSite, values: readonly Value[]): Value {
  try {
    return fn.call(values, evaluator.options.runtime);
  } catch (error) {
    if (error instanceof TemplateError || error instanceof LimitError) throw error;
    evaluator.at(node);
    const message = error instanceof Error ? error.message : 'failed';
    return evaluator.fail(`error calling ${name}: ${message}`, error);
  }
}
