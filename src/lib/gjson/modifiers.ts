/** gjson's modifiers: `@name` or `@name:argument`, which make another document out of one. */
import { bytesOf, toByteString } from '../bytestring.ts';
import { quoteJson } from '../gojson.ts';
import { type PrettyOptions, pretty, ugly } from './pretty.ts';
import { elements, isArray, isObject, members, parseRoot, unescape, type Value } from './scan.ts';

/** Looks a path up in a document. */
export type Lookup = (json: string, path: string) => Value | undefined;

type Modifier = (json: string, argument: string, lookup: Lookup) => string;

const modifiers: Readonly<Record<string, Modifier>> = {
  this: (json) => json,
  pretty: (json, argument) => pretty(json, prettyOptions(argument)),
  ugly: (json) => ugly(json),
  reverse,
  flatten,
  join,
  valid: (json) => (isValid(json) ? json : ''),
  keys,
  values,
  tostr: (json) => quoteByteString(json),
  fromstr,
  group,
  dig,
};

export const modifierNames: ReadonlySet<string> = new Set(Object.keys(modifiers));

/** @returns undefined when there is no modifier of that name */
export function modify(name: string, json: string, argument: string, lookup: Lookup): string | undefined {
  return modifierNames.has(name) ? modifiers[name]?.(json, argument, lookup) : undefined;
}

/** A JSON string of Go's making. */
export function quoteByteString(text: string): string {
  return toByteString(quoteJson(bytesOf(text)));
}

export function isValid(json: string): boolean {
  try {
    JSON.parse(Buffer.from(json, 'latin1').toString('utf8'));
    return true;
  } catch {
    // The question was whether it can be parsed; why not is of no interest.
    return false;
  }
}

/** Elements, members' values, or the one scalar. */
function contents(value: Value | undefined): readonly Value[] {
  if (value === undefined) return [];
  if (isArray(value)) return [...elements(value.raw)];
  return isObject(value) ? Array.from(members(value.raw), (member) => member.value) : [value];
}

function list(raws: readonly string[]): string {
  return `[${raws.join(',')}]`;
}

function rawOf(value: Value): string {
  return value.raw;
}

function reverse(json: string): string {
  const value = parseRoot(json);
  if (isArray(value)) return list(contents(value).map(rawOf).reverse());
  if (value === undefined || !isObject(value)) return json;
  return `{${Array.from(members(value.raw), ({ rawKey, value: { raw } }) => `${rawKey}:${raw}`)
    .reverse()
    .join(',')}}`;
}

/** `{"deep":true}` goes down all the way. */
function flatten(json: string, argument: string): string {
  const value = parseRoot(json);
  if (!isArray(value)) return json;
  const deep = isSet(argument, 'deep');
  const raws = contents(value).map((element) => {
    if (!isArray(element)) return element.raw;
    return (deep ? flatten(element.raw, argument) : element.raw).slice(1, -1);
  });
  return list(raws.map((raw) => raw.trim()).filter((raw) => raw !== ''));
}

/** Objects become one, later members winning; with `{"preserve":true}` all stay. */
function join(json: string, argument: string): string {
  const value = parseRoot(json);
  if (!isArray(value)) return json;
  const objects = contents(value).filter(isObject);
  if (isSet(argument, 'preserve')) return `{${objects.map(({ raw }) => raw.slice(1, -1)).join(',')}}`;
  const joined = new Map<string, { readonly rawKey: string; readonly raw: string }>();
  for (const { raw } of objects) {
    for (const member of members(raw)) {
      const rawKey = joined.get(member.key)?.rawKey ?? member.rawKey;
      joined.set(member.key, { rawKey, raw: member.value.raw });
    }
  }
  return `{${Array.from(joined.values(), ({ rawKey, raw }) => `${rawKey}:${raw}`).join(',')}}`;
}

function keys(json: string): string {
  const value = parseRoot(json);
  if (value !== undefined && isObject(value)) return list(Array.from(members(value.raw), ({ rawKey }) => rawKey));
  return list(contents(value).map(() => 'null'));
}

function values(json: string): string {
  const value = parseRoot(json);
  return isArray(value) ? json : list(contents(value).map(rawOf));
}

function fromstr(json: string): string {
  const value = isValid(json) ? parseRoot(json) : undefined;
  if (value === undefined || value.type === 'null') return '';
  return value.type === 'string' ? unescape(value.raw) : value.raw;
}

/** `{"a":[1,2],"b":[3,4]}` becomes `[{"a":1,"b":3},{"a":2,"b":4}]`. */
function group(json: string): string {
  const value = parseRoot(json);
  if (value === undefined || !isObject(value)) return '';
  const grouped: string[][] = [];
  for (const member of members(value.raw)) {
    if (!isArray(member.value)) continue;
    for (const [index, element] of contents(member.value).entries()) {
      const pairs = grouped[index] ?? [];
      pairs.push(`${member.rawKey}:${element.raw}`);
      grouped[index] = pairs;
    }
  }
  return list(grouped.map((pairs) => `{${pairs.join(',')}}`));
}

/** What the path finds, in the document and in everything below it. */
function dig(json: string, path: string, lookup: Lookup): string {
  const found: string[] = [];
  const open = [parseRoot(json)];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const hit = lookup(value.raw, path);
    if (hit !== undefined) found.push(hit.raw);
    if (value.type === 'json') open.push(...contents(value).toReversed());
  }
  return list(found);
}

function isSet(argument: string, name: string): boolean {
  const options = parseRoot(argument);
  if (options === undefined || !isObject(options)) return false;
  const last = [...members(options.raw)].findLast(({ key }) => key === name);
  return last !== undefined && isTrue(last.value);
}

/** As gjson's Result.Bool. */
function isTrue(value: Value): boolean {
  if (value.type === 'string') return /^(1|t|true)$/i.test(unescape(value.raw));
  return value.type === 'true' || (value.type === 'number' && Number(value.raw) !== 0);
}

function prettyOptions(argument: string): PrettyOptions {
  const options = { width: 80, prefix: '', indent: '  ', sortKeys: false };
  const value = parseRoot(argument);
  if (value === undefined || !isObject(value)) return options;
  for (const member of members(value.raw)) {
    const text = member.value.type === 'string' ? unescape(member.value.raw) : member.value.raw;
    if (member.key === 'sortKeys') options.sortKeys = isTrue(member.value);
    else if (member.key === 'indent') options.indent = blanks(text);
    else if (member.key === 'prefix') options.prefix = blanks(text);
    else if (member.key === 'width') options.width = Math.trunc(Number(text)) || 0;
  }
  return options;
}

/** Only white space of an indent or prefix is used. */
function blanks(text: string): string {
  return text.replace(/[^ \t\r\n]/g, '');
}
