/** What reflection says of values, and the errors that functions give for a value of the wrong kind. */
import { FunctionError } from '../function.ts';
import { GoSlice, typeOf, type Value } from '../value.ts';

/** `reflect.Kind` of a value; nil has none. */
export function kindOf(value: Value): string {
  return typeOf(value)?.kind ?? 'invalid';
}

/** Go's panic where a nil interface is asked for its type. */
export function nilDereference(): FunctionError {
  return new FunctionError('runtime error: invalid memory address or nil pointer dereference');
}

/** The slice, or an error made of `message`, the kind of the value, and `end`. */
export function sliceOrFail(value: Value, message: string, end = ''): GoSlice {
  if (value instanceof GoSlice) return value;
  throw value === null ? nilDereference() : new FunctionError(`${message} ${kindOf(value)}${end}`);
}
