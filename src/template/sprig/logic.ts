/** Sprig's choices: defaults, emptiness, ternary, all, any, and failing on purpose. */
import { define, FunctionError, type TemplateFunction } from '../function.ts';
import { isTrue } from '../truth.ts';
import { anyType, boolType, stringType } from '../types.ts';
import type { Value } from '../value.ts';
import { any, flag, text } from './arguments.ts';
import { deepEqual } from './deepequal.ts';

export const logicFunctions: readonly TemplateFunction[] = [
  define(
    'default',
    [anyType, anyType],
    anyType,
    ([fallback, given]) => (isEmpty(any(given)) ? any(fallback) : any(given)),
    true,
  ),
  define('empty', [anyType], boolType, ([value]) => isEmpty(any(value))),
  define('coalesce', [anyType], anyType, (values) => values.find((value) => !isEmpty(value)) ?? null, true),
  define('all', [anyType], boolType, (values) => !values.some(isEmpty), true),
  define('any', [anyType], boolType, (values) => values.some((value) => !isEmpty(value)), true),
  define('ternary', [anyType, anyType, boolType], anyType, ([yes, no, condition]) => any(flag(condition) ? yes : no)),
  define('fail', [stringType], stringType, ([message]) => {
    throw new FunctionError(text(message));
  }),
  define('deepEqual', [anyType, anyType], boolType, ([a, b], { budget }) => deepEqual(any(a), any(b), budget)),
];

/** Nil, false, zero, and what has no length; structs and pointers never are. */
function isEmpty(value: Value): boolean {
  return value === null || !isTrue(value);
}
