/** Sprig's functions on lists. They make new lists; those given stay as they are. */
import { define, FunctionError, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { isTrue } from '../truth.ts';
import { anyType, boolType, type GoType, intType, listType, sliceOf } from '../types.ts';
import { GoSlice, list, nilSlice, type Value } from '../value.ts';
import { any, integer } from './arguments.ts';
import { toInt64 } from './cast.ts';
import { deepEqual } from './deepequal.ts';
import { sliceOrFail } from './kind.ts';

type Body = (args: readonly Value[], runtime: FunctionRuntime) => Value;

export const listFunctions: readonly TemplateFunction[] = [
  ...['list', 'tuple'].map((name) => define(name, [anyType], listType, (args) => list(args), true)),
  ...['append', 'push', 'mustAppend', 'mustPush'].map((name) =>
    define(name, [anyType, anyType], listType, ([items, item], runtime) => {
      return list([...itemsOf(any(items), 'Cannot push on type', runtime), any(item)]);
    }),
  ),
  ...withMust('prepend', [anyType, anyType], listType, ([items, item], runtime) =>
    list([any(item), ...itemsOf(any(items), 'Cannot prepend on type', runtime)]),
  ),
  ...withMust('first', [anyType], anyType, ([items], runtime) => found(items, 'first', runtime)[0] ?? null),
  ...withMust('last', [anyType], anyType, ([items], runtime) => found(items, 'last', runtime).at(-1) ?? null),
  ...withMust('rest', [anyType], listType, ([items], runtime) => someOrNil(found(items, 'rest', runtime), 1)),
  ...withMust('initial', [anyType], listType, ([items], runtime) => someOrNil(found(items, 'initial', runtime), 0, -1)),
  ...withMust('reverse', [anyType], listType, ([items], runtime) =>
    list(found(items, 'reverse', runtime).toReversed()),
  ),
  ...withMust('compact', [anyType], listType, ([items], runtime) =>
    list(itemsOf(any(items), 'Cannot compact on type', runtime).filter((item) => item !== null && isTrue(item))),
  ),
  ...withMust('uniq', [anyType], listType, uniq),
  ...withMust('without', [anyType, anyType], listType, without, true),
  ...withMust('has', [anyType, anyType], boolType, has),
  ...withMust('slice', [anyType, anyType], anyType, slice, true),
  ...withMust('chunk', [intType, anyType], sliceOf(listType), chunk),
  define('concat', [anyType], anyType, concat, true),
];

/** A function and its `must` twin, which in Go reports errors where the other panics: to a template they are the same. */
function withMust(
  name: string,
  parameters: readonly GoType[],
  result: GoType,
  run: Body,
  variadic = false,
): TemplateFunction[] {
  const mustName = `must${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return [name, mustName].map((each) => define(each, parameters, result, run, variadic));
}

function itemsOf(value: Value, message: string, { budget }: FunctionRuntime, end = ''): readonly Value[] {
  const { items } = sliceOrFail(value, message, end);
  budget.charge(items.length);
  return items;
}

function found(value: Value | undefined, what: string, runtime: FunctionRuntime): readonly Value[] {
  return itemsOf(any(value), `Cannot find ${what} on type`, runtime);
}

/** A part of the list; of an empty one, a nil list. */
function someOrNil(items: readonly Value[], start: number, end?: number): Value {
  return items.length === 0 ? nilSlice() : list(items.slice(start, end));
}

function uniq([items]: readonly Value[], runtime: FunctionRuntime): Value {
  const kept: Value[] = [];
  for (const item of found(items, 'uniq', runtime)) if (!contains(kept, item, runtime)) kept.push(item);
  return list(kept);
}

function without([items, ...omitted]: readonly Value[], runtime: FunctionRuntime): Value {
  return list(found(items, 'without', runtime).filter((item) => !contains(omitted, item, runtime)));
}

function has([needle, haystack]: readonly Value[], runtime: FunctionRuntime): Value {
  return haystack === null ? false : contains(found(haystack, 'has', runtime), any(needle), runtime);
}

function contains(items: readonly Value[], needle: Value, { budget }: FunctionRuntime): boolean {
  return items.some((item) => deepEqual(needle, item, budget));
}

/** `list[from:to]` of the same type; nil for an empty list, whatever the indexes. */
function slice([value, ...indexes]: readonly Value[], { budget }: FunctionRuntime): Value {
  const whole = sliceOrFail(any(value), 'list should be type of slice or array but');
  if (whole.items.length === 0) return null;
  const [start = 0, end = whole.items.length] = indexes.slice(0, 2).map((index) => Number(toInt64(index)));
  if (start < 0 || end > whole.items.length || start > end) {
    throw new FunctionError('reflect.Value.Slice: slice index out of bounds');
  }
  budget.charge(end - start);
  return new GoSlice(whole.type, whole.items.slice(start, end));
}

/** Lists of `size` items and a last one with the rest. Sizes below 1 do what their divisions come to in Go. */
function chunk([size, value]: readonly Value[], runtime: FunctionRuntime): Value {
  const items = itemsOf(any(value), 'Cannot chunk type', runtime);
  const length = integer(size);
  const count = Math.floor((items.length - 1) / length) + 1;
  const lastLength = items.length % length || length;
  if (!(count >= 0 && Number.isFinite(count)) || (count > 0 && lastLength < 0)) {
    throw new FunctionError('runtime error: makeslice: len out of range');
  }
  const chunks = Array.from({ length: count }, (_, index) => {
    const start = index * length;
    return list(items.slice(start, start + (index === count - 1 ? lastLength : length)));
  });
  return new GoSlice(sliceOf(listType), chunks);
}

/** One list of all items; without any item it is nil. */
function concat(lists: readonly Value[], runtime: FunctionRuntime): Value {
  const items = lists.flatMap((each) => itemsOf(each, 'Cannot concat type', runtime, ' as list'));
  return items.length === 0 ? nilSlice() : list(items);
}
