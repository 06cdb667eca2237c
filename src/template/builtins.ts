/** The functions that Go's text/template brings along. */
import { equalsAny, isLess, isLessOrEqual } from './compare.ts';
import { escapeHtml, escapeJs, escapeQuery } from './escape.ts';
import { sprintf } from './fmt/printf.ts';
import { define, FunctionError, type FunctionRuntime, type TemplateFunction } from './function.ts';
import { indexInto, lengthOf } from './indexing.ts';
import { printAction, sprint, sprintln } from './print.ts';
import { isTrue } from './truth.ts';
import { anyType, boolType, intType, reflectValueType, stringType } from './types.ts';
import { GoFunc, int, typeOf, type Value } from './value.ts';

const value = reflectValueType;

/** Several arguments become one text first; nil shows as in an action. */
function textOf(args: readonly Value[], { budget }: FunctionRuntime): string {
  const [first] = args;
  if (args.length === 1 && typeof first === 'string') return first;
  return sprint(
    args.map((arg) => (arg === null ? printAction(arg, budget) : arg)),
    budget,
  );
}

function callValue(args: readonly Value[]): Value {
  const [fn = null, ...rest] = args;
  if (fn === null) throw new FunctionError('call of nil');
  if (!(fn instanceof GoFunc)) throw new FunctionError(`non-function of type ${typeOf(fn)?.name}`);
  return fn.method.call(rest);
}

/** `and` and `or` are evaluated by the engine, which stops at the first argument that decides. */
export const builtinFunctions: readonly TemplateFunction[] = [
  define('and', [value, value], value, ([first = null]) => first, true),
  define('or', [value, value], value, ([first = null]) => first, true),
  define('not', [value], boolType, ([arg = null]) => !isTrue(arg)),
  define('call', [value, value], value, callValue, true),
  define('len', [value], intType, ([item = null]) => int(lengthOf(item))),
  define('index', [value, value], value, ([item = null, ...indexes]) => indexInto(item, indexes), true),
  define(
    'eq',
    [value, value],
    boolType,
    ([first = null, ...others], { budget }) => equalsAny(first, others, budget),
    true,
  ),
  define(
    'ne',
    [value, value],
    boolType,
    ([left = null, right = null], { budget }) => !equalsAny(left, [right], budget),
  ),
  define('lt', [value, value], boolType, ([left = null, right = null]) => isLess(left, right)),
  define('le', [value, value], boolType, ([left = null, right = null], { budget }) =>
    isLessOrEqual(left, right, budget),
  ),
  define(
    'gt',
    [value, value],
    boolType,
    ([left = null, right = null], { budget }) => !isLessOrEqual(left, right, budget),
  ),
  define('ge', [value, value], boolType, ([left = null, right = null]) => !isLess(left, right)),
  define('print', [anyType], stringType, (args, { budget }) => sprint(args, budget), true),
  define('println', [anyType], stringType, (args, { budget }) => sprintln(args, budget), true),
  define(
    'printf',
    [stringType, anyType],
    stringType,
    ([format, ...args], { budget }) => sprintf(typeof format === 'string' ? format : '', args, budget),
    true,
  ),
  define('html', [anyType], stringType, (args, runtime) => escapeHtml(textOf(args, runtime)), true),
  define('js', [anyType], stringType, (args, runtime) => escapeJs(textOf(args, runtime)), true),
  define('urlquery', [anyType], stringType, (args, runtime) => escapeQuery(textOf(args, runtime)), true),
];
