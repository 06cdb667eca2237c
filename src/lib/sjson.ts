/** sjson's edits of JSON bytes, as pushing a `property` uses them: everything but the edited place stays as it is. */
import { bytesOf, toByteString } from './bytestring.ts';
import { elements, isArray, isObject, members, parseRoot, type Value } from './gjson/scan.ts';
import { quoteJson } from './gojson.ts';

/** The path cannot be edited along. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}

/**
 * Sets the string `value` at `path`; objects and arrays on the way are made. A document that is no object or array is
 * replaced by one. In a path, `\` escapes, `-1` appends to an array, and `:1` is a key that looks like an index.
 * @throws JsonPathError for a key other than an index within an array, and for `|`, `#`, `@`, `*`, `?` (sjson 1.2
 * silently changes nothing for those that match nothing)
 */
export function setJson(json: string | Uint8Array, path: string, value: string | Uint8Array): Uint8Array {
  const parts = partsOf(path);
  return bytesOf(setIn(toByteString(json), parts, quote(toByteString(value))));
}

/**
 * Removes what is at `path`; the document stays as it is when nothing is there. `-1` is the last element of an array.
 * @throws JsonPathError for `|`, `#`, `@`, `*`, `?`
 */
export function deleteJson(json: string | Uint8Array, path: string): Uint8Array {
  const text = toByteString(json);
  return bytesOf(deleteIn(text, partsOf(path)) ?? text);
}

interface Part {
  readonly key: string;
  /** `undefined`: a key, even if it consists of digits. */
  readonly index: number | undefined;
  readonly isLast: boolean;
}

/** A longer array than this is a slip of the pen, not a wish. */
const largestIndex = 100_000;

function partsOf(path: string): readonly Part[] {
  const parts: Part[] = [];
  const text = toByteString(path);
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (at === text.length || text[at] === '.') {
      parts.push(partOf(text.slice(start, at)));
      start = at + 1;
    } else if ('|#@*?'.includes(text.charAt(at))) {
      throw new JsonPathError(`the property ${path} cannot be written: ${text.charAt(at)} must be escaped`);
    }
  }
  return parts;
}

function partOf(raw: string): Part {
  const isForced = raw.startsWith(':');
  const key = (isForced ? raw.slice(1) : raw).replace(/\\([^]?)/g, '$1');
  const isIndex = !isForced && /^[0-9]*$/.test(key) && key !== '';
  if (isIndex && Number(key) > largestIndex) throw new JsonPathError(`the index ${key} is too large`);
  return { key, index: isIndex ? Number(key) : undefined, isLast: !isForced && key === '-1' };
}

/** A place in a document: from the beginning of a value to behind it. */
interface Place {
  readonly start: number;
  readonly end: number;
  /** Where its key begins; absent in an array. */
  readonly keyStart?: number;
}

function setIn(json: string, [part, ...rest]: readonly Part[], quoted: string): string {
  if (part === undefined) return quoted;
  const place = part.isLast ? undefined : placeOf(json, part);
  if (place === undefined) return add(json, part, build(rest, quoted));
  const old = json.slice(place.start, place.end);
  return json.slice(0, place.start) + setIn(old, rest, quoted) + json.slice(place.end);
}

function add(json: string, part: Part, made: string): string {
  const root = parseRoot(json);
  const asArray = part.index !== undefined || part.isLast;
  if (isArray(root) && root !== undefined) return addElement(root, part, made);
  if (isObject(root) && root !== undefined) return addMember(root, part, made);
  return asArray && json.trim() === '' && !part.isLast ? addElement(emptyArray, part, made) : fresh(part, made);
}

const emptyArray: Value = { type: 'json', raw: '[]' };

/** In place of a scalar. */
function fresh(part: Part, made: string): string {
  return part.index === undefined ? `{${quote(part.key)}:${made}}` : addElement(emptyArray, part, made);
}

function addMember({ raw }: Value, { key }: Part, made: string): string {
  const end = Math.max(raw.lastIndexOf('}'), 1);
  const separator = members(raw).next().done === true ? '' : ',';
  return `${raw.slice(0, end)}${separator}${quote(key)}:${made}}`;
}

function addElement({ raw }: Value, part: Part, made: string): string {
  if (part.index === undefined && !part.isLast) {
    throw new JsonPathError(`the property cannot be written: ${part.key} is no index of an array`);
  }
  const present = Array.from(elements(raw), (element) => element.raw);
  if (part.index === undefined) {
    const end = Math.max(raw.lastIndexOf(']'), 1);
    return `${raw.slice(0, end)}${present.length === 0 ? '' : ','}${made}]`;
  }
  const missing = Math.max(0, part.index - present.length);
  return `[${[...present, ...Array.from({ length: missing }, () => 'null'), made].join(',')}]`;
}

/** What has to stand where nothing was. */
function build(parts: readonly Part[], quoted: string): string {
  return parts.reduceRight((inner, part) => {
    if (part.index !== undefined) return `[${'null,'.repeat(part.index)}${inner}]`;
    return part.isLast ? `[${inner}]` : `{${quote(part.key)}:${inner}}`;
  }, quoted);
}

function deleteIn(json: string, [part, ...rest]: readonly Part[]): string | undefined {
  const place = part === undefined ? undefined : placeOf(json, part);
  if (place === undefined) return undefined;
  if (rest.length === 0) return cut(json, place);
  const inner = deleteIn(json.slice(place.start, place.end), rest);
  return inner === undefined ? undefined : json.slice(0, place.start) + inner + json.slice(place.end);
}

/** Without the value, its key, and the comma before it or, for the first one, behind it. */
function cut(json: string, { start, end, keyStart }: Place): string {
  const head = json.slice(0, keyStart ?? start).replace(/[\0- ]+$/, '');
  if (head.endsWith(',')) return head.slice(0, -1) + json.slice(end);
  const tail = json.slice(end).replace(/^[\0- ]*,/, '');
  return keyStart === undefined ? json.slice(0, start) + tail : head + tail;
}

function placeOf(json: string, part: Part): Place | undefined {
  const root = parseRoot(json);
  if (root === undefined || root.type !== 'json') return undefined;
  const offset = json.length - root.raw.length;
  const place = isObject(root) ? memberPlace(root.raw, part.key) : elementPlace(root.raw, part);
  return place === undefined ? undefined : shift(place, offset);
}

function shift({ start, end, keyStart }: Place, by: number): Place {
  return { start: start + by, end: end + by, ...(keyStart === undefined ? {} : { keyStart: keyStart + by }) };
}

function memberPlace(raw: string, key: string): Place | undefined {
  for (const member of members(raw)) {
    const { start: keyStart, end, value } = member;
    if (member.key === key) return { start: end - value.raw.length, end, keyStart };
  }
  return undefined;
}

function elementPlace(raw: string, { key, isLast }: Part): Place | undefined {
  const index = /^[0-9]+$/.test(key) ? Number(key) : undefined;
  let at = 0;
  let from = 1;
  let last: Place | undefined;
  for (const element of elements(raw)) {
    const start = raw.indexOf(element.raw, from);
    from = start + element.raw.length;
    last = { start, end: from };
    if (at === index) return last;
    at += 1;
  }
  return isLast ? last : undefined;
}

/** As sjson: only what must be is escaped, and `<` and its kin only together with something else. */
function quote(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what has to be escaped
  return /[\0-\x1f"\\\x80-\xff]/.test(text) ? toByteString(quoteJson(bytesOf(text))) : `"${text}"`;
}
