/** Calls functions and methods: counts arguments, fits them to parameters, says what went wrong. */

import { TemplateError } from './errors.ts';
import { type FunctionRuntime, LimitError, type TemplateFunction } from './function.ts';
import type { CommandNode, Operand } from './node.ts';
import { operandText } from './source.ts';
import { isTrue } from './truth.ts';
import { anyType, type GoType } from './types.ts';
import { GoFunc, GoSlice, typeOf, type Value } from './value.ts';

/** Marks that no value comes in by the pipe. */
export const missing = Symbol('no value');
export type Final = Value | typeof missing;

/** What a call needs of the evaluation around it. */
export interface Caller {
  readonly runtime: FunctionRuntime;
  evalArgument(dot: Value, type: GoType, node: Operand): Value;
  fit(value: Value, type: GoType): Value;
  /** Errors from here on point at this node. */
  at(node: Operand | CommandNode): void;
  /** @throws TemplateError */
  fail(message: string, cause?: unknown): never;
}

export interface CallSite {
  readonly dot: Value;
  /** What errors of the function itself point at: the whole command, but of a method its name alone. */
  readonly node: Operand | CommandNode;
  readonly name: string;
  readonly isMethod: boolean;
  readonly fn: TemplateFunction;
  /** The name itself comes first, if there is more than the name. */
  readonly args: readonly Operand[];
  readonly final: Final;
}

/** Every function may go through the texts that it is given; what costs more than that, functions charge themselves. */
const bytesPerStep = 16;

/** Lists take memory, some 50 bytes an item. */
const stepsPerItem = 2;

/** Evaluated by the engine itself, because they stop at the first argument that decides. */
export const shortCircuits: ReadonlySet<string> = new Set(['and', 'or']);

export function callFunction(caller: Caller, site: CallSite): Value {
  const operands = site.args.slice(1);
  checkCount(caller, site, operands.length);
  if (!site.isMethod && shortCircuits.has(site.name)) return shortCircuit(caller, site, operands);
  const values = operands.map((operand, index) => caller.evalArgument(site.dot, parameterAt(site.fn, index), operand));
  if (site.final !== missing) {
    values.push(caller.fit(site.final, parameterAt(site.fn, values.length)));
  }
  if (site.name === 'call' && !site.isMethod) requireFunction(caller, site, values[0] ?? null);
  return run(caller, site, values);
}

/** `call` names its first argument the way the template does. */
function requireFunction(caller: Caller, { args, node }: CallSite, callee: Value): void {
  if (callee === null || callee instanceof GoFunc) return;
  const type = typeOf(callee)?.name;
  const text = args[1] === undefined ? `<${type} Value>` : operandText(args[1]);
  caller.at(node);
  caller.fail(`error calling call: non-function ${text} of type ${type}`);
}

function checkCount(caller: Caller, { name, fn, final }: CallSite, given: number): void {
  const count = given + (final === missing ? 0 : 1);
  const wanted = fn.parameters.length;
  if (fn.variadic === true) {
    if (count < wanted - 1) {
      caller.fail(`wrong number of args for ${name}: want at least ${wanted - 1} got ${given}`);
    }
  } else if (count !== wanted) {
    caller.fail(`wrong number of args for ${name}: want ${wanted} got ${count}`);
  }
}

function parameterAt(fn: TemplateFunction, index: number): GoType {
  return fn.parameters[Math.min(index, fn.parameters.length - 1)] ?? anyType;
}

function shortCircuit(caller: Caller, site: CallSite, operands: readonly Operand[]): Value {
  let value: Value = null;
  for (const operand of operands) {
    value = caller.evalArgument(site.dot, anyType, operand);
    if (isTrue(value) === (site.name === 'or')) return value;
  }
  return site.final === missing ? value : caller.fit(site.final, anyType);
}

function run(caller: Caller, { name, node, fn }: CallSite, values: readonly Value[]): Value {
  const { budget } = caller.runtime;
  try {
    for (const value of values) if (typeof value === 'string') budget.charge(value.length / bytesPerStep);
    const result = fn.call(values, caller.runtime);
    if (typeof result === 'string') budget.checkSize(result.length);
    if (result instanceof GoSlice) budget.charge(result.items.length * stepsPerItem);
    return result;
  } catch (error) {
    if (error instanceof TemplateError || error instanceof LimitError) throw error;
    caller.at(node);
    const message = error instanceof Error ? error.message : 'failed';
    return caller.fail(`error calling ${name}: ${message}`, error);
  }
}
