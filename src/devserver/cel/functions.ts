/** The functions, methods and macros of CEL that rules may call. */
import { compileRe2 } from '../../lib/re2.ts';
import { isJsonObject } from '../object.ts';
import { CelEvaluationError, CelSyntaxError } from './error.ts';

/** Functions that take a variable and an expression instead of values. */
const macros = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);
const methods = new Set(['size', 'startsWith', 'endsWith', 'contains', 'matches']);
const functions = new Set(['size', 'has', 'string', 'int']);

export function isMacro(name: string): boolean {
  return macros.has(name);
}

/** @throws CelSyntaxError when there is no such function */
export function expectKnown(name: string, isMethod: boolean): void {
  const isKnown = isMethod ? methods.has(name) || macros.has(name) : functions.has(name);
  if (!isKnown) throw new CelSyntaxError(`the function ${name} is not built`);
}

/** @throws CelEvaluationError */
export function callFunction(name: string, [value]: readonly unknown[]): unknown {
  switch (name) {
    case 'size':
      return sizeOf(value);
    case 'string':
      return String(value);
    case 'int':
      return Math.trunc(Number(value));
    default:
      throw new CelEvaluationError(`no such function: ${name}`);
  }
}

/** @throws CelEvaluationError */
export function callMethod(name: string, target: unknown, [argument]: readonly unknown[]): unknown {
  if (name === 'size') return sizeOf(target);
  if (typeof target !== 'string' || typeof argument !== 'string') throw noOverload(name);
  switch (name) {
    case 'startsWith':
      return target.startsWith(argument);
    case 'endsWith':
      return target.endsWith(argument);
    case 'contains':
      return target.includes(argument);
    case 'matches':
      return compileRe2(argument).test(target);
    default:
      throw noOverload(name);
  }
}

/** Over the items of a list or the keys of a map. @throws CelEvaluationError */
export function callMacro(name: string, target: unknown, apply: (item: unknown) => unknown): unknown {
  const items = itemsOf(name, target);
  switch (name) {
    case 'all':
      return items.every((item) => apply(item) === true);
    case 'exists':
      return items.some((item) => apply(item) === true);
    case 'exists_one':
      return items.filter((item) => apply(item) === true).length === 1;
    case 'filter':
      return items.filter((item) => apply(item) === true);
    default:
      return items.map(apply);
  }
}

function itemsOf(name: string, target: unknown): readonly unknown[] {
  if (Array.isArray(target)) return target;
  if (isJsonObject(target)) return Object.keys(target);
  throw noOverload(name);
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Array.from(value).length;
  if (Array.isArray(value)) return value.length;
  if (isJsonObject(value)) return Object.keys(value).length;
  throw noOverload('size');
}

function noOverload(name: string): CelEvaluationError {
  return new CelEvaluationError(`no such overload: ${name}`);
}
