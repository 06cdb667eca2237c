/** Evaluates CEL expressions over JSON values. */
import { isEqualJson, isJsonObject, type JsonObject } from '../object.ts';
import { CelEvaluationError } from './error.ts';
import { callFunction, callMacro, callMethod, isMacro } from './functions.ts';
import type { CelExpression } from './parse.ts';

/** @throws CelEvaluationError */
export function evaluate(expression: CelExpression, variables: JsonObject): unknown {
  switch (expression.type) {
    case 'literal':
      return expression.value;
    case 'variable':
      return memberOf(variables, expression.name);
    case 'list':
      return expression.items.map((item) => evaluate(item, variables));
    case 'member':
      return memberOf(evaluate(expression.of, variables), expression.name);
    case 'index':
      return itemOf(evaluate(expression.of, variables), evaluate(expression.at, variables));
    case 'call':
      return call(expression, variables);
    case 'unary':
      return unary(expression.operator, evaluate(expression.operand, variables));
    case 'binary':
      return binary(expression, variables);
    case 'choice':
      return evaluate(isTrue(evaluate(expression.condition, variables)) ? expression.yes : expression.no, variables);
  }
}

type Call = Extract<CelExpression, { type: 'call' }>;
type Binary = Extract<CelExpression, { type: 'binary' }>;

function call({ name, on, args }: Call, variables: JsonObject): unknown {
  if (on === undefined && name === 'has') return has(args[0], variables);
  if (on === undefined)
    return callFunction(
      name,
      args.map((arg) => evaluate(arg, variables)),
    );
  const target = evaluate(on, variables);
  if (!isMacro(name))
    return callMethod(
      name,
      target,
      args.map((arg) => evaluate(arg, variables)),
    );
  const [variable, body] = args;
  if (variable?.type !== 'variable' || body === undefined) throw new CelEvaluationError(`${name} needs a variable`);
  return callMacro(name, target, (item) => evaluate(body, { ...variables, [variable.name]: item }));
}

function has(argument: CelExpression | undefined, variables: JsonObject): boolean {
  if (argument?.type !== 'member') throw new CelEvaluationError('has needs a member');
  const holder = evaluate(argument.of, variables);
  return isJsonObject(holder) && Object.hasOwn(holder, argument.name);
}

function memberOf(holder: unknown, name: string): unknown {
  if (!isJsonObject(holder) || !Object.hasOwn(holder, name)) throw new CelEvaluationError(`no such key: ${name}`);
  return holder[name];
}

function itemOf(holder: unknown, index: unknown): unknown {
  if (typeof index === 'string') return memberOf(holder, index);
  const isInside = Array.isArray(holder) && typeof index === 'number' && index >= 0 && index < holder.length;
  if (!isInside) throw new CelEvaluationError('index out of bounds');
  return holder[index];
}

function unary(operator: string, operand: unknown): unknown {
  return operator === '!' ? !isTrue(operand) : -numberOf(operand);
}

function binary({ operator, left, right }: Binary, variables: JsonObject): unknown {
  const first = evaluate(left, variables);
  if (operator === '&&') return isTrue(first) && isTrue(evaluate(right, variables));
  if (operator === '||') return isTrue(first) || isTrue(evaluate(right, variables));
  return operate(operator, first, evaluate(right, variables));
}

function operate(operator: string, left: unknown, right: unknown): unknown {
  switch (operator) {
    case '==':
      return isEqualJson(left, right);
    case '!=':
      return !isEqualJson(left, right);
    case 'in':
      return isIn(left, right);
    case '+':
      return typeof left === 'string' && typeof right === 'string' ? left + right : numberOf(left) + numberOf(right);
    case '-':
      return numberOf(left) - numberOf(right);
    case '*':
      return numberOf(left) * numberOf(right);
    case '/':
      return Math.trunc(numberOf(left) / numberOf(right));
    case '%':
      return numberOf(left) % numberOf(right);
    default:
      return isOrdered(operator, left, right);
  }
}

function isIn(item: unknown, holder: unknown): boolean {
  if (Array.isArray(holder)) return holder.some((each) => isEqualJson(each, item));
  return isJsonObject(holder) && typeof item === 'string' && Object.hasOwn(holder, item);
}

function isOrdered(operator: string, left: unknown, right: unknown): boolean {
  const [a, b] =
    typeof left === 'string' && typeof right === 'string' ? [left, right] : [numberOf(left), numberOf(right)];
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

function isTrue(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new CelEvaluationError('no such overload: a bool is needed');
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new CelEvaluationError('no such overload: a number is needed');
  return value;
}
