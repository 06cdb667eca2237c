/** Sprig's functions on strings. Strings are bytes: lengths and places count bytes, and cuts may split characters. */
import { define, FunctionError, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { quote as goQuote } from '../strconv/quote.ts';
import { isSpace } from '../text/unicode.ts';
import { runeAt, runes } from '../text/utf8.ts';
import { anyType, boolType, intType, mapOf, stringsType, stringType } from '../types.ts';
import { compareBytes, GoMap, strings, type Value } from '../value.ts';
import { any, integer, text } from './arguments.ts';
import { chargeBytes, chargeGrowth } from './cost.ts';
import { printed, strslice, strval } from './strval.ts';

const s = stringType;

export const stringFunctions: readonly TemplateFunction[] = [
  define('hello', [], s, () => 'Hello!'),
  define('trim', [s], s, ([value]) => trimSpace(text(value))),
  define('trimAll', [s, s], s, trimAll),
  define('trimall', [s, s], s, trimAll),
  define('trimSuffix', [s, s], s, ([suffix, value]) => withoutSuffix(text(suffix), text(value))),
  define('trimPrefix', [s, s], s, ([prefix, value]) => withoutPrefix(text(prefix), text(value))),
  define('trunc', [intType, s], s, ([count, value]) => trunc(integer(count), text(value))),
  define('substr', [intType, intType, s], s, ([from, to, value]) => substr(integer(from), integer(to), text(value))),
  define('repeat', [intType, s], s, ([count, value], runtime) => repeat(text(value), integer(count), runtime)),
  define('replace', [s, s, s], s, ([from, to, value], runtime) => replace(text(value), text(from), text(to), runtime)),
  define('contains', [s, s], boolType, ([part, value]) => text(value).includes(text(part))),
  define('hasPrefix', [s, s], boolType, ([prefix, value]) => text(value).startsWith(text(prefix))),
  define('hasSuffix', [s, s], boolType, ([suffix, value]) => text(value).endsWith(text(suffix))),
  define(
    'quote',
    [anyType],
    s,
    (args, runtime) => quoteAll(args, (value) => goQuote(strval(value, runtime)), runtime),
    true,
  ),
  define(
    'squote',
    [anyType],
    s,
    (args, runtime) => quoteAll(args, (value) => `'${printed(value, runtime)}'`, runtime),
    true,
  ),
  define('cat', [anyType], s, (args, runtime) => quoteAll(args, (value) => printed(value, runtime), runtime), true),
  define('indent', [intType, s], s, ([spaces, value], runtime) => indent(integer(spaces), text(value), runtime)),
  define(
    'nindent',
    [intType, s],
    s,
    ([spaces, value], runtime) => `\n${indent(integer(spaces), text(value), runtime)}`,
  ),
  define('plural', [s, s, intType], s, ([one, many, count]) => (integer(count) === 1 ? any(one) : any(many))),
  define('toString', [anyType], s, ([value], runtime) => strval(any(value), runtime)),
  define('toStrings', [anyType], stringsType, ([value], runtime) => strings(strslice(any(value), runtime))),
  define('join', [s, anyType], s, ([separator, value], runtime) => join(text(separator), any(value), runtime)),
  define('split', [s, s], mapOf(s), ([separator, value], runtime) =>
    numbered(split(text(value), text(separator), -1, runtime)),
  ),
  define('splitn', [s, intType, s], mapOf(s), ([separator, limit, value], runtime) =>
    numbered(split(text(value), text(separator), integer(limit), runtime)),
  ),
  define('splitList', [s, s], stringsType, ([separator, value], runtime) =>
    strings(split(text(value), text(separator), -1, runtime)),
  ),
  define('sortAlpha', [anyType], stringsType, sortAlpha),
];

/** strings.TrimSpace */
export function trimSpace(value: string): string {
  let start = 0;
  let end = value.length;
  for (const { code, width, at } of runes(value)) {
    if (!isSpace(code)) break;
    start = at + width;
  }
  for (
    let at = lastRuneStart(value, end);
    end > start && isSpace(runeAt(value, at).code);
    at = lastRuneStart(value, end)
  ) {
    end = at;
  }
  return value.slice(start, end);
}

/** Where the last character before `end` begins; an invalid byte is a character. */
function lastRuneStart(value: string, end: number): number {
  for (let at = end - 2; at >= Math.max(0, end - 4); at--) {
    if (runeAt(value, at).width === end - at) return at;
  }
  return end - 1;
}

/** strings.Trim: the characters of the cutset, from both ends. */
function trimAll([cutset, value]: readonly Value[]): string {
  const cut = new Set<number>();
  for (const { code } of runes(text(cutset))) cut.add(code);
  let rest = text(value);
  for (let rune = runeAt(rest, 0); rest !== '' && cut.has(rune.code); rune = runeAt(rest, 0))
    rest = rest.slice(rune.width);
  let end = rest.length;
  for (let at = lastRuneStart(rest, end); end > 0 && cut.has(runeAt(rest, at).code); at = lastRuneStart(rest, end))
    end = at;
  return rest.slice(0, end);
}

function withoutSuffix(suffix: string, value: string): string {
  return value.endsWith(suffix) ? value.slice(0, value.length - suffix.length) : value;
}

function withoutPrefix(prefix: string, value: string): string {
  return value.startsWith(prefix) ? value.slice(prefix.length) : value;
}

/** The first `count` bytes, or the last when it is negative. */
function trunc(count: number, value: string): string {
  if (count >= 0) return value.slice(0, count);
  return value.length + count > 0 ? value.slice(value.length + count) : value;
}

/** A negative start means the beginning; a negative end, or one too far, means the end. */
function substr(start: number, end: number, value: string): string {
  if (start < 0) {
    if (end < 0) throw new FunctionError(`runtime error: slice bounds out of range [:${end}]`);
    if (end > value.length)
      throw new FunctionError(`runtime error: slice bounds out of range [:${end}] with length ${value.length}`);
    return value.slice(0, end);
  }
  const to = end < 0 || end > value.length ? value.length : end;
  if (start > to) throw new FunctionError(`runtime error: slice bounds out of range [${start}:${to}]`);
  return value.slice(start, to);
}

function repeat(value: string, count: number, runtime: FunctionRuntime): string {
  if (count < 0) throw new FunctionError('strings: negative Repeat count');
  if (value.length * count >= 2 ** 63) throw new FunctionError('strings: Repeat output length overflow');
  chargeGrowth(runtime, value.length * count);
  return value.repeat(count);
}

/** strings.ReplaceAll: an empty text is found before every character and at the end. */
function replace(value: string, from: string, to: string, runtime: FunctionRuntime): string {
  chargeBytes(runtime, value.length);
  const parts = from === '' ? characters(value) : value.split(from);
  const count = from === '' ? parts.length + 1 : parts.length - 1;
  chargeGrowth(runtime, count * (to.length - from.length));
  return from === '' ? to + parts.map((part) => part + to).join('') : parts.join(to);
}

function characters(value: string): string[] {
  const parts: string[] = [];
  for (const { width, at } of runes(value)) parts.push(value.slice(at, at + width));
  return parts;
}

/** Nils are left out; the rest is joined by spaces. */
function quoteAll(args: readonly Value[], show: (value: Value) => string, runtime: FunctionRuntime): string {
  const shown = args.filter((arg) => arg !== null).map(show);
  const joined = shown.join(' ');
  chargeBytes(runtime, joined.length);
  return joined;
}

function indent(spaces: number, value: string, runtime: FunctionRuntime): string {
  if (spaces < 0) throw new FunctionError('strings: negative Repeat count');
  chargeGrowth(runtime, spaces);
  const padding = ' '.repeat(spaces);
  return padding + replace(value, '\n', `\n${padding}`, runtime);
}

function join(separator: string, value: Value, runtime: FunctionRuntime): string {
  const items = strslice(value, runtime);
  const separators = separator.length * Math.max(items.length - 1, 0);
  runtime.budget.checkSize(items.reduce((bytes, item) => bytes + item.length, separators));
  const joined = items.join(separator);
  chargeBytes(runtime, joined.length);
  return joined;
}

/** strings.SplitN: an empty separator splits into characters; a limit of 0 gives nothing, the last part is the rest. */
function split(value: string, separator: string, limit: number, runtime: FunctionRuntime): string[] {
  chargeBytes(runtime, value.length);
  if (limit === 0) return [];
  const parts = separator === '' ? characters(value) : value.split(separator);
  runtime.budget.charge(parts.length);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

function numbered(parts: readonly string[]): GoMap {
  return new GoMap(mapOf(s), new Map(parts.map((part, index) => [`_${index}`, part])));
}

/** Sorts the texts of a list by their bytes; what is no list becomes a list of its text, nil too. */
function sortAlpha([value]: readonly Value[], runtime: FunctionRuntime): Value {
  const items = value === null ? ['<nil>'] : strslice(any(value), runtime);
  runtime.budget.charge(items.length);
  return strings(items.toSorted(compareBytes));
}
