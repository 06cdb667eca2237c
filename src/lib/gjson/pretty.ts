/** `@pretty` and `@ugly`: the layout of tidwall/pretty, which puts arrays on one line where they fit. */
import { elements, isArray, isObject, members, parseRoot, stringEnd, type Value } from './scan.ts';

export interface PrettyOptions {
  /** The longest line that an array may make; 0: arrays are always spread. */
  readonly width: number;
  readonly prefix: string;
  readonly indent: string;
  readonly sortKeys: boolean;
}

/** @returns the laid out document with a line end, or nothing for nothing */
export function pretty(json: string, options: PrettyOptions): string {
  const value = parseRoot(json);
  if (value === undefined) return options.prefix === '' ? '' : `${options.prefix}\n`;
  return `${options.prefix}${layOut(value, options, 0, options.prefix.length)}\n`;
}

/** @param column how much of the current line is taken */
function layOut(value: Value, options: PrettyOptions, depth: number, column: number): string {
  if (isArray(value)) return oneLine(value, options, column) ?? spreadArray(value, options, depth);
  return isObject(value) ? spreadObject(value, options, depth) : scalar(value);
}

function scalar(value: Value): string {
  return value.type === 'string' || value.type === 'number' ? value.raw : value.type;
}

function oneLine(value: Value, { width }: PrettyOptions, column: number): string | undefined {
  const room = width - column;
  if (width <= 0 || room <= 3) return undefined;
  const line = inline(value, room);
  return line !== undefined && line.length <= room ? line : undefined;
}

/** An array of scalars and arrays; undefined when there is an object in it, or when it is longer than `room` already. */
function inline(value: Value, room: number): string | undefined {
  const parts: string[] = [];
  let length = 0;
  for (const element of elements(value.raw)) {
    const part = isArray(element) ? inline(element, room) : isObject(element) ? undefined : scalar(element);
    length += part?.length ?? 0;
    if (part === undefined || length > room) return undefined;
    parts.push(part);
  }
  return `[${parts.join(', ')}]`;
}

function spreadArray(value: Value, options: PrettyOptions, depth: number): string {
  const lead = margin(options, depth + 1);
  const lines = Array.from(
    elements(value.raw),
    (element) => lead + layOut(element, options, depth + 1, lead.length + 1),
  );
  return enclose('[', lines, ']', options, depth);
}

function spreadObject(value: Value, options: PrettyOptions, depth: number): string {
  const lead = margin(options, depth + 1);
  const all = [...members(value.raw)];
  if (options.sortKeys) all.sort((left, right) => (left.key < right.key ? -1 : Number(left.key > right.key)));
  const lines = all.map(({ rawKey, value: member }) => {
    const start = `${lead}${rawKey}: `;
    // The line end before it counts, as it does in tidwall/pretty.
    return start + layOut(member, options, depth + 1, start.length + 1);
  });
  return enclose('{', lines, '}', options, depth);
}

function enclose(open: string, lines: readonly string[], close: string, options: PrettyOptions, depth: number): string {
  return lines.length === 0 ? open + close : `${open}\n${lines.join(',\n')}\n${margin(options, depth)}${close}`;
}

function margin({ prefix, indent }: PrettyOptions, depth: number): string {
  return prefix + indent.repeat(depth);
}

/** Without white space outside of strings. */
export function ugly(json: string): string {
  let compact = '';
  for (let at = 0; at < json.length; ) {
    const end = json[at] === '"' ? (stringEnd(json, at) ?? json.length) : at + 1;
    if (json.charAt(at) > ' ') compact += json.slice(at, end);
    at = end;
  }
  return compact;
}
