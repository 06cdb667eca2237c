/** Sprig's functions on maps. `set`, `unset` and the merges change the map they are given; keys come in byte order. */
import { define, FunctionError, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { anyType, boolType, dictType, listType, stringsType, stringType } from '../types.ts';
import { dict, GoMap, list, strings, typeOf, type Value } from '../value.ts';
import { any, map, text } from './arguments.ts';
import { deepCopy } from './deepcopy.ts';
import { merge } from './merge.ts';
import { strval } from './strval.ts';

const s = stringType;
const d = dictType;

export const dictFunctions: readonly TemplateFunction[] = [
  define('dict', [anyType], d, fromPairs, true),
  define('get', [d, s], anyType, ([entries, key]) => entryOr(map(entries), text(key), '')),
  define('set', [d, s, anyType], d, ([entries, key, value]) => set(map(entries), text(key), any(value))),
  define('unset', [d, s], d, ([entries, key]) => unset(map(entries), text(key))),
  define('hasKey', [d, s], boolType, ([entries, key]) => map(entries).entries.has(text(key))),
  define('pluck', [s, d], listType, ([key, ...maps]) => pluck(text(key), maps.map(map)), true),
  define(
    'keys',
    [d],
    stringsType,
    (maps, runtime) => strings(maps.map(map).flatMap((each) => sortedKeys(each, runtime))),
    true,
  ),
  define('values', [d], listType, ([entries], runtime) =>
    list(sortedKeys(map(entries), runtime).map((key) => entryOr(map(entries), key, null))),
  ),
  define('pick', [d, s], d, ([entries, ...keys]) => pick(map(entries), keys.map(text)), true),
  define(
    'omit',
    [d, s],
    d,
    ([entries, ...keys], runtime) => omit(map(entries), new Set(keys.map(text)), runtime),
    true,
  ),
  ...['merge', 'mustMerge'].map((name) => merging(name, false)),
  ...['mergeOverwrite', 'mustMergeOverwrite'].map((name) => merging(name, true)),
  ...['deepCopy', 'mustDeepCopy'].map((name) =>
    define(name, [anyType], anyType, ([value], { budget }) => deepCopy(any(value), budget)),
  ),
  define('dig', [anyType], anyType, dig, true),
];

/** A key without a value gets "". */
function fromPairs(args: readonly Value[], runtime: FunctionRuntime): Value {
  const entries = new Map<string, Value>();
  for (let i = 0; i < args.length; i += 2)
    entries.set(strval(any(args[i]), runtime), i + 1 < args.length ? any(args[i + 1]) : '');
  return dict(entries);
}

function entryOr({ entries }: GoMap, key: string, fallback: Value): Value {
  return entries.get(key) ?? (entries.has(key) ? null : fallback);
}

function set(target: GoMap, key: string, value: Value): GoMap {
  if (target.isNil) throw new FunctionError('assignment to entry in nil map');
  target.entries.set(key, value);
  return target;
}

function unset(target: GoMap, key: string): GoMap {
  target.entries.delete(key);
  return target;
}

/** Go walks through maps in random order; a fixed one is among those it may take. */
function sortedKeys(source: GoMap, { budget }: FunctionRuntime): string[] {
  budget.charge(source.entries.size);
  return source.sortedKeys();
}

function pluck(key: string, maps: readonly GoMap[]): Value {
  return list(maps.filter(({ entries }) => entries.has(key)).map((each) => entryOr(each, key, null)));
}

function pick({ entries }: GoMap, keys: readonly string[]): Value {
  return dict(keys.filter((key) => entries.has(key)).map((key) => [key, entries.get(key) ?? null] as const));
}

function omit({ entries }: GoMap, keys: ReadonlySet<string>, { budget }: FunctionRuntime): Value {
  budget.charge(entries.size);
  return dict([...entries].filter(([key]) => !keys.has(key)));
}

/** Merges the later maps into the first; where that cannot be done, `merge` gives "" and `mustMerge` fails. */
function merging(name: string, overwrite: boolean): TemplateFunction {
  const must = name.startsWith('must');
  return define(
    name,
    [d, d],
    anyType,
    ([first, ...sources], { budget }) => {
      // A nil map cannot be filled, so it is replaced.
      const target =
        map(first).isNil && sources.some((source) => !map(source).isNil) ? new GoMap(d, new Map()) : map(first);
      const done = sources.every((source) => {
        const problem = merge(target, map(source), overwrite, budget);
        if (problem !== undefined && must) throw new FunctionError(problem);
        return problem === undefined;
      });
      return done ? target : '';
    },
    true,
  );
}

/** `dig "a" "b" fallback map`: goes down by keys; a missing key gives the fallback, anything but a map on the way fails. */
function dig(args: readonly Value[]): Value {
  if (args.length < 3) throw new FunctionError('dig needs at least three arguments');
  let current = assertDict(any(args.at(-1)));
  const fallback = any(args.at(-2));
  const keys = args.slice(0, -2).map(assertString);
  for (const [index, key] of keys.entries()) {
    if (!current.entries.has(key)) return fallback;
    const value = current.entries.get(key) ?? null;
    if (index === keys.length - 1) return value;
    current = assertDict(value);
  }
  return fallback;
}

function assertDict(value: Value): GoMap {
  if (value instanceof GoMap && value.type.name === d.name) return value;
  throw wrongType(value, d.name);
}

function assertString(value: Value): string {
  if (typeof value === 'string') return value;
  throw wrongType(value, s.name);
}

function wrongType(value: Value, wanted: string): FunctionError {
  return new FunctionError(`interface conversion: interface {} is ${typeOf(value)?.name ?? 'nil'}, not ${wanted}`);
}
