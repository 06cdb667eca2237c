/** What templates get to see: text, numbers, booleans, null, arrays, and objects that inherit from nothing. */

export type HandlebarsValue = null | boolean | number | string | readonly HandlebarsValue[] | HandlebarsRecord;

export interface HandlebarsRecord {
  readonly [key: string]: HandlebarsValue;
}

/** An object without prototype, so that the only members there are to find are the entries; it prints as JSON. */
export function recordOf(entries: Iterable<readonly [string, HandlebarsValue]>): HandlebarsRecord {
  // Without a prototype there is no class to construct it by.
  const record = Object.create(null) as Record<string, HandlebarsValue>;
  for (const [key, value] of entries) record[key] = value;
  Object.defineProperty(record, Symbol.toPrimitive, { value: () => JSON.stringify(record) });
  return record;
}

/** Takes over what a JSON or YAML parser made. Text that is not well formed gets U+FFFD, as in Go. */
export function recordsOf(parsed: unknown): HandlebarsValue {
  if (typeof parsed === 'string') return parsed.toWellFormed();
  if (typeof parsed === 'number' || typeof parsed === 'boolean') return parsed;
  if (Array.isArray(parsed)) return parsed.map(recordsOf);
  if (parsed instanceof Map) return recordOf(Array.from(parsed, ([key, value]) => [String(key), recordsOf(value)]));
  if (typeof parsed !== 'object' || parsed === null) return null;
  return recordOf(Object.entries(parsed).map(([key, value]) => [key, recordsOf(value)]));
}

export function isRecord(value: unknown): value is HandlebarsRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
