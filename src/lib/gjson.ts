/**
 * gjson's path language over JSON bytes, as ESO's `property` uses it: dots, wildcards, `#`, queries, modifiers, pipes,
 * multipaths and literals. Numbers are handed out as they stand in the document, so large integers stay exact.
 */
import { bytesOf, toByteString } from './bytestring.ts';
import { glob } from './gjson/glob.ts';
import { modify } from './gjson/modifiers.ts';
import { multipath } from './gjson/multipath.ts';
import { arrayStep, balancedEnd, objectStep, splitAtPipe } from './gjson/path.ts';
import { queryMatches, toNumber } from './gjson/query.ts';
import {
  elements,
  members,
  parseRoot,
  squashEnd,
  stringEnd,
  unescape,
  type Value,
  type ValueType,
} from './gjson/scan.ts';
import { formatDecimal } from './gojson.ts';

export interface GjsonResult {
  readonly type: ValueType;
  /** The value as ESO puts it into a Secret: strings without quotes, `null` as nothing, the rest as JSON. */
  readonly bytes: Uint8Array;
  /** The value as it stands in the document. */
  readonly raw: Uint8Array;
}

/** @returns undefined when the path finds nothing */
export function gjson(json: string | Uint8Array, path: string): GjsonResult | undefined {
  const value = lookup(toByteString(json), toByteString(path));
  if (value === undefined) return undefined;
  return { type: value.type, bytes: bytesOf(stringOf(value)), raw: bytesOf(value.raw) };
}

/** A key as a path that means exactly this key, as gjson's Escape. */
export function escapePath(key: string): string {
  return key.replace(/[^a-zA-Z0-9\0- _:\x7f-\u{10ffff}-]/gu, '\\$&');
}

/** As gjson's Result.String. */
function stringOf(value: Value): string {
  if (value.type === 'null') return '';
  if (value.type === 'string') return unescape(value.raw);
  if (value.type === 'number' && !/^-?[0-9]+$/.test(value.raw)) return formatDecimal(toNumber(value.raw));
  return value.type === 'json' || value.type === 'number' ? value.raw : value.type;
}

function lookup(json: string, path: string): Value | undefined {
  if (path.length > 1) {
    if (path.startsWith('@') || path.startsWith('!')) {
      const made = path.startsWith('@') ? applyModifier(json, path) : literal(path);
      if (made !== undefined) return goOn(made.json, made.rest);
    }
    if (path.startsWith('[') || path.startsWith('{')) {
      const { made, rest } = multipath(json, path, lookup) ?? {};
      if (made !== undefined && rest !== undefined) return rest === '' ? made : lookup(made.raw, rest.slice(1));
    }
  }
  return search(json, path);
}

/** Behind a modifier or literal: another path, or the end. */
function goOn(json: string, rest: string): Value | undefined {
  return rest.startsWith('|') || rest.startsWith('.') ? lookup(json, rest.slice(1)) : parseRoot(json);
}

interface Made {
  readonly json: string;
  readonly rest: string;
}

function applyModifier(json: string, path: string): Made | undefined {
  const [whole = '', name = '', colon] = /^@([^:|.]*)(:)?/.exec(path) ?? [];
  const behind = path.slice(whole.length);
  const argument = colon === undefined ? '' : argumentOf(behind);
  const made = modify(name, json, argument, lookup);
  return made === undefined ? undefined : { json: made, rest: behind.slice(argument.length) };
}

/** A JSON value, or everything up to a pipe that is not inside brackets or quotes. */
function argumentOf(path: string): string {
  const first = path.charAt(0);
  if (first === '"') return path.slice(0, stringEnd(path, 0) ?? path.length);
  if (first === '{' || first === '[') return path.slice(0, squashEnd(path, 0));
  for (let at = 0; at < path.length; at += 1) {
    const character = path.charAt(at);
    if (character === '|') return path.slice(0, at);
    if (character === '"') at = (stringEnd(path, at) ?? path.length) - 1;
    else if ('{[('.includes(character)) at = balancedEnd(path, at) - 1;
  }
  return path;
}

/** `!` and JSON. */
function literal(path: string): Made | undefined {
  const body = path.slice(1);
  if (/^[{[]/.test(body)) {
    const end = squashEnd(body, 0);
    return { json: body.slice(0, end), rest: body.slice(end) };
  }
  if (/^["+\-0-9]/.test(body)) return { json: body, rest: '' };
  const [name = ''] = /^[^|.]*/.exec(body) ?? [];
  return /^(true|false|null|nan|inf)$/i.test(name) ? { json: name, rest: body.slice(name.length) } : undefined;
}

/** What a search has come to: the value, and the path that is to be applied to it. */
interface Search {
  value?: Value | undefined;
  pipe?: string | undefined;
}

function search(json: string, path: string): Value | undefined {
  const found: Search = {};
  const start = json.search(/[{[]/);
  if (path.startsWith('..')) searchArray(found, elements(json, 0), path.slice(2));
  else if (start !== -1) searchContainer(found, json.slice(start), path);
  return found.pipe === undefined ? found.value : lookup(found.value?.raw ?? '', found.pipe);
}

/** @returns whether the search is over; a query for all elements may leave a value and go on */
function searchContainer(found: Search, json: string, path: string): boolean {
  if (json.startsWith('{')) return searchObject(found, json, path);
  return json.startsWith('[') && searchArray(found, elements(json), path);
}

function searchObject(found: Search, json: string, path: string): boolean {
  const { part, isPattern, rest, pipe } = objectStep(path);
  if (pipe !== undefined) found.pipe = pipe;
  for (const { key, value } of members(json)) {
    if (isPattern ? !glob(key, part) : key !== part) continue;
    if (rest === undefined) {
      found.value = value;
      return true;
    }
    if (value.type === 'json' && searchContainer(found, value.raw, rest)) return true;
  }
  return false;
}

function searchArray(found: Search, values: Iterable<Value>, path: string): boolean {
  const step = arrayStep(path);
  if (step.pipe !== undefined) found.pipe = step.pipe;
  if (step.query !== undefined) return queryArray(found, values, step.query, step.rest);
  if (step.isHash) return step.part === '#' && collect(found, [...values], step.each);
  const index = /^[0-9]+$/.test(step.part) ? Number(step.part) : -1;
  let at = 0;
  for (const value of values) {
    if (at === index && step.rest === undefined) {
      found.value = value;
      return true;
    }
    if (at === index) return value.type === 'json' && searchContainer(found, value.raw, step.rest ?? '');
    at += 1;
  }
  return false;
}

/** `#`: how many; `#.path`: what the path finds in each. */
function collect(found: Search, values: readonly Value[], each: string | undefined): boolean {
  if (each === undefined) {
    found.value = { type: 'number', raw: String(values.length) };
    return true;
  }
  const { left, right } = splitAtPipe(each) ?? { left: each, right: undefined };
  if (right !== undefined) found.pipe = right;
  const raws = values.map((value) => lookup(value.raw, left)).filter((value) => value !== undefined);
  found.value = { type: 'json', raw: `[${raws.map(({ raw }) => raw).join(',')}]` };
  return true;
}

function queryArray(
  found: Search,
  values: Iterable<Value>,
  query: NonNullable<ReturnType<typeof arrayStep>['query']>,
  rest: string | undefined,
): boolean {
  const split = rest === undefined ? undefined : splitAtPipe(rest);
  const each = split?.left ?? rest;
  const matched: string[] = [];
  for (const value of values) {
    const compared =
      query.path === '' && value.type !== 'json'
        ? value
        : value.type === 'json'
          ? lookup(value.raw, query.path)
          : undefined;
    if (!queryMatches(query, compared) || (value.type !== 'json' && query.path !== '')) continue;
    if (split !== undefined) found.pipe = split.right;
    const result = each === undefined ? value : lookup(value.raw, each);
    if (!query.all) {
      found.value = result;
      return true;
    }
    if (result !== undefined && result.raw !== '') matched.push(result.raw);
  }
  if (query.all) found.value ??= { type: 'json', raw: `[${matched.join(',')}]` };
  return false;
}
