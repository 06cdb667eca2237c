/** JSON values as they are put into Secrets: rendered as ESO renders them, but with every integer exact. */
import { formatDecimal, quoteJson, quoteJsonPlain } from './gojson.ts';
import { type JsonMember, JsonNumber, type JsonValue, parseJsonMembers } from './json.ts';

/**
 * The keys of an `extract` where ESO renders each value: strings without quotes, `null` as nothing, numbers without
 * exponent, objects and arrays as JSON of Go's making. Unlike ESO 2.9, integers beyond 2⁵³ keep their digits.
 * @returns undefined when the JSON is no object
 * @throws JsonSyntaxError
 */
export function renderedMembers(json: string | Uint8Array): Map<string, Uint8Array> | undefined {
  return mapMembers(json, ({ value }) => renderValue(value));
}

/**
 * The keys of an `extract` where ESO keeps the JSON text: strings without quotes, anything else as it is written.
 * @returns undefined when the JSON is no object
 * @throws JsonSyntaxError
 */
export function rawMembers(json: string | Uint8Array): Map<string, Uint8Array> | undefined {
  return mapMembers(json, ({ value, raw }) => (typeof value === 'string' ? encode(value) : encode(raw)));
}

function mapMembers(
  json: string | Uint8Array,
  render: (member: JsonMember) => Uint8Array,
): Map<string, Uint8Array> | undefined {
  const members = parseJsonMembers(json);
  return members === undefined ? undefined : new Map(Array.from(members, ([key, member]) => [key, render(member)]));
}

/** One value as ESO's GetByteValue renders it, with exact integers. */
export function renderValue(value: JsonValue): Uint8Array {
  if (typeof value === 'string') return encode(value);
  if (value === null) return new Uint8Array();
  if (value instanceof JsonNumber) return encode(isInteger(value) ? value.text : formatDecimal(Number(value.text)));
  return encode(marshalJson(value));
}

/** As Go's `json.Marshal` of what it had unmarshalled: compact, keys sorted, `<`, `>` and `&` escaped; integers exact. */
export function marshalJson(value: JsonValue): string {
  return marshal(value, quoteJson);
}

/** The same with every number as it is written, as Go writes what it had decoded with `UseNumber`. */
export function marshalJsonAsWritten(value: JsonValue): string {
  return marshal(value, quoteJson, ({ text }) => text);
}

/** The same with `<`, `>` and `&` as they are: an encoder after `SetEscapeHTML(false)`. */
export function marshalJsonPlain(value: JsonValue): string {
  return marshal(value, quoteJsonPlain);
}

function marshal(value: JsonValue, quote: (text: string) => string, number = marshalNumber): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (value instanceof JsonNumber) return number(value);
  if (!isMap(value)) return `[${value.map((element) => marshal(element, quote, number)).join(',')}]`;
  const sorted = [...value].sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  return `{${sorted.map(([key, member]) => `${quote(key)}:${marshal(member, quote, number)}`).join(',')}}`;
}

function isMap(value: readonly JsonValue[] | ReadonlyMap<string, JsonValue>): value is ReadonlyMap<string, JsonValue> {
  return value instanceof Map;
}

/** `-0` is left to Go's rule for floats. */
function isInteger({ text }: JsonNumber): boolean {
  return /^(?:0|-?[1-9][0-9]*)$/.test(text);
}

/** Go writes an exponent below 1e-6 and from 1e21 on, of at least one digit. */
function marshalNumber(number: JsonNumber): string {
  if (isInteger(number)) return number.text;
  const value = Number(number.text);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-6 || size >= 1e21) ? String(value) : formatDecimal(value);
}

function encode(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
