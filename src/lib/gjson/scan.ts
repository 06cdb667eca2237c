/** Walks over JSON text without building anything; as forgiving with broken documents as gjson is. */
import { toByteString } from '../bytestring.ts';

/** Exactly these kinds, as gjson has them; `json` is an object or array. */
export type ValueType = 'null' | 'false' | 'number' | 'string' | 'true' | 'json';

/** A value as it stands in the document, in a byte string. */
export interface Value {
  readonly type: ValueType;
  readonly raw: string;
}

export interface Member {
  /** Unescaped. */
  readonly key: string;
  /** With its quotes. */
  readonly rawKey: string;
  readonly value: Value;
  /** Of the key, in the object's text. */
  readonly start: number;
  /** Behind the value. */
  readonly end: number;
}

interface Scanned {
  readonly value: Value;
  /** Behind the value. */
  readonly end: number;
}

export function isObject(value: Value | undefined): boolean {
  return value?.type === 'json' && value.raw.startsWith('{');
}

export function isArray(value: Value | undefined): boolean {
  return value?.type === 'json' && value.raw.startsWith('[');
}

/** The document as one value: containers to the end of the text, whatever follows them, as gjson's Parse does. */
export function parseRoot(json: string): Value | undefined {
  const scanned = valueAt(json, 0, json.length);
  if (scanned === undefined || scanned.value.type !== 'json') return scanned?.value;
  return { type: 'json', raw: json.slice(scanned.end - scanned.value.raw.length) };
}

/** The first value at or after `from`; whatever is no beginning of a value is skipped, a stop character ends the search. */
export function valueAt(json: string, from: number, to: number, stop = ''): Scanned | undefined {
  for (let at = from; at < to; at += 1) {
    const character = json.charAt(at);
    if (stop.includes(character) && stop !== '') return undefined;
    const scanned = scanAt(json, at, character);
    if (scanned !== 'none') return scanned;
  }
  return undefined;
}

function scanAt(json: string, at: number, character: string): Scanned | undefined | 'none' {
  if (character === '"') {
    const end = stringEnd(json, at);
    return end === undefined ? undefined : scanned(json, at, end, 'string');
  }
  if (character === '{' || character === '[') return scanned(json, at, squashEnd(json, at), 'json');
  if (/[-+0-9iIN]/.test(character) || (character === 'n' && at + 1 < json.length && json[at + 1] !== 'u')) {
    return scanned(json, at, runEnd(json, at, /[\0- ,\]}]/g), 'number');
  }
  const literal = literals[character];
  return literal === undefined ? 'none' : scanned(json, at, runEnd(json, at, /[^a-z]/g), literal);
}

const literals: Readonly<Record<string, ValueType>> = { t: 'true', f: 'false', n: 'null' };

function scanned(json: string, start: number, end: number, type: ValueType): Scanned {
  return { value: { type, raw: json.slice(start, end) }, end };
}

/** Where the run that begins at `start` is ended by a character of `ender`. */
function runEnd(json: string, start: number, ender: RegExp): number {
  ender.lastIndex = start + 1;
  return ender.exec(json)?.index ?? json.length;
}

/** Behind the closing quote; undefined when there is none. */
export function stringEnd(json: string, start: number): number | undefined {
  for (let at = start + 1; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at + 1;
  }
  return undefined;
}

const bracketOrQuote = /["[\]{}()]/g;

/** Behind the bracket that closes the one at `start`, of whatever kind; the end of the text when there is none. */
export function squashEnd(json: string, start: number): number {
  let depth = 0;
  bracketOrQuote.lastIndex = start;
  for (let found = bracketOrQuote.exec(json); found !== null; found = bracketOrQuote.exec(json)) {
    if (found[0] === '"') {
      const end = stringEnd(json, found.index);
      if (end === undefined) return json.length;
      bracketOrQuote.lastIndex = end;
    } else {
      depth += '[{('.includes(found[0]) ? 1 : -1;
      if (depth === 0) return found.index + 1;
    }
  }
  return json.length;
}

/** The elements of an array, or of a sequence of documents. @param from behind the opening bracket */
export function* elements(json: string, from = 1): Generator<Value, void, void> {
  for (let at = from; ; ) {
    const scanned = valueAt(json, at, json.length, ']');
    if (scanned === undefined) return;
    yield scanned.value;
    at = scanned.end;
  }
}

/** The members of an object. */
export function* members(json: string): Generator<Member, void, void> {
  for (let at = 1; ; ) {
    const start = keyStart(json, at);
    const keyEnd = start === undefined ? undefined : stringEnd(json, start);
    if (start === undefined || keyEnd === undefined) return;
    const scanned = valueAt(json, keyEnd, json.length);
    if (scanned === undefined) return;
    const rawKey = json.slice(start, keyEnd);
    yield { key: unescape(rawKey), rawKey, start, ...scanned };
    at = scanned.end;
  }
}

function keyStart(json: string, from: number): number | undefined {
  for (let at = from; at < json.length; at += 1) {
    if (json[at] === '"') return at;
    if (json[at] === '}') return undefined;
  }
  return undefined;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** The content of a string with its quotes. One with escapes ends, as gjson's does, where something is not allowed. */
export function unescape(raw: string): string {
  const content = raw.slice(1, -1);
  if (!content.includes('\\')) return content;
  let text = '';
  for (let at = 0; at < content.length; at += 1) {
    const character = content.charAt(at);
    if (character < ' ') return text;
    if (character !== '\\') {
      text += character;
      continue;
    }
    at += 1;
    const simple = simpleEscapes[content.charAt(at)];
    const unit = simple === undefined ? unicodeEscape(content, at - 1) : undefined;
    if (simple !== undefined) text += simple;
    else if (unit === undefined) return text;
    else {
      text += toByteString(unit.text);
      at = unit.end - 1;
    }
  }
  return text;
}

/** One `\uXXXX`, or two that are a surrogate pair. */
function unicodeEscape(content: string, at: number): { text: string; end: number } | undefined {
  const [whole, high, low] = /^\\u([0-9a-fA-F]{4})(?:\\u([0-9a-fA-F]{4}))?/.exec(content.slice(at, at + 12)) ?? [];
  if (whole === undefined || high === undefined) return undefined;
  const first = String.fromCharCode(Number.parseInt(high, 16));
  if (low === undefined) return { text: first, end: at + 6 };
  const pair = first + String.fromCharCode(Number.parseInt(low, 16));
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(pair) ? { text: pair, end: at + 12 } : { text: first, end: at + 6 };
}
