/** `eq`, `ne`, `lt`, `le`, `gt`, `ge` of text/template: typed, but integers of both kinds compare with each other. */

import { noFlags } from './fmt/flags.ts';
import { formatValue, type PrintBudget } from './fmt/value.ts';
import { FunctionError } from './function.ts';
import { isSigned } from './types.ts';
import { compareBytes, GoComplex, GoFloat32, GoInt, GoMap, GoObject, GoSlice, typeOf, type Value } from './value.ts';

type BasicKind = 'bool' | 'complex' | 'int' | 'uint' | 'float' | 'string' | 'other';

/** True when the first equals any of the others; stops there, so that later ones need not be comparable. */
export function equalsAny(first: Value, others: readonly Value[], budget: PrintBudget): boolean {
  if (others.length === 0) throw new FunctionError('missing argument for comparison');
  return others.some((other) => equals(first, other, budget));
}

function equals(left: Value, right: Value, budget: PrintBudget): boolean {
  const [leftKind, rightKind] = [kindOf(left), kindOf(right)];
  if (leftKind === rightKind) return leftKind === 'other' ? equalsOther(left, right, budget) : equalsBasic(left, right);
  if (left instanceof GoInt && right instanceof GoInt) return left.value === right.value;
  if (left === null || right === null) return false;
  throw incompatible(left, right);
}

function equalsBasic(left: Value, right: Value): boolean {
  if (left instanceof GoInt && right instanceof GoInt) return left.value === right.value;
  if (left instanceof GoComplex && right instanceof GoComplex) return left.re === right.re && left.im === right.im;
  return floatOf(left) === floatOf(right);
}

/** Floats of both sizes compare as float64; everything else is itself. */
function floatOf(value: Value): Value {
  return value instanceof GoFloat32 ? value.value : value;
}

function incompatible(left: Value, right: Value): FunctionError {
  return new FunctionError(`incompatible types for comparison: ${typeName(left)} and ${typeName(right)}`);
}

/** Collections compare with nil only; structs and pointers where Go can compare them. */
function equalsOther(left: Value, right: Value, budget: PrintBudget): boolean {
  const isSameKind = typeOf(left)?.kind === typeOf(right)?.kind;
  if (!isSameKind && left !== null && right !== null) {
    throw new FunctionError(
      `non-comparable types ${show(left, budget)}: ${typeName(left)}, ${typeName(right)}: ${show(right, budget)}`,
    );
  }
  if (isNil(left) || isNil(right)) return isNil(left) === isNil(right);
  if (right instanceof GoObject && left instanceof GoObject) return left.equals(right);
  throw new FunctionError(`non-comparable type ${show(right, budget)}: ${typeName(right)}`);
}

function isNil(value: Value): boolean {
  return value === null || ((value instanceof GoSlice || value instanceof GoMap) && value.isNil);
}

export function isLess(left: Value, right: Value): boolean {
  const [leftKind, rightKind] = [kindOf(left), kindOf(right)];
  if (leftKind === 'other' || rightKind === 'other') throw new FunctionError('invalid type for comparison');
  if (left instanceof GoInt && right instanceof GoInt) return left.value < right.value;
  if (leftKind !== rightKind) throw incompatible(left, right);
  const [a, b] = [floatOf(left), floatOf(right)];
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b) < 0;
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  throw new FunctionError('invalid type for comparison');
}

/** `lt` or `eq`, in this order: what cannot be ordered is an error although it may be equal. */
export function isLessOrEqual(left: Value, right: Value, budget: PrintBudget): boolean {
  return isLess(left, right) || equals(left, right, budget);
}

function kindOf(value: Value): BasicKind {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    case 'number':
      return 'float';
    default:
      if (value instanceof GoInt) return isSigned(value.type) ? 'int' : 'uint';
      if (value instanceof GoFloat32) return 'float';
      return value instanceof GoComplex ? 'complex' : 'other';
  }
}

function typeName(value: Value): string {
  return typeOf(value)?.name ?? '<nil>';
}

function show(value: Value, budget: PrintBudget): string {
  return formatValue(value, 'v', noFlags(), budget);
}
