/** Values to JSON as Go's encoding/json does: keys in byte order, integers with all digits, base64 for bytes. */
import { encodeBase64 } from '../encoding/base64.ts';
import { type Budget, FunctionError } from '../function.ts';
import { formatShortest, formatShortest32 } from '../strconv/float.ts';
import {
  bytesText,
  GoComplex,
  GoFloat32,
  GoFunc,
  GoInt,
  GoMap,
  GoObject,
  GoSlice,
  typeOf,
  type Value,
} from '../value.ts';
import { jsonNumber, jsonString } from './text.ts';

export interface EncodeOptions {
  /** Write `<`, `>` and `&` as escapes. */
  readonly escapeHtml: boolean;
  /** One level of indentation; without it everything stands in one line. */
  readonly indent?: string;
}

/** A list or map that is being written, and what of it is still to come. */
interface Open {
  readonly container: GoSlice | GoMap | GoObject;
  readonly close: ']' | '}';
  readonly members: ReadonlyArray<{ readonly key?: string; readonly value: Value }>;
  next: number;
}

const bytesPerStep = 16;

/**
 * The JSON of `value` in bytes; throws FunctionError, with Go's message, for what JSON cannot hold. Each value is charged,
 * because one that is shared by many lists is written many times.
 */
export function encodeJson(value: Value, { escapeHtml, indent }: EncodeOptions, budget: Budget): string {
  const open: Open[] = [];
  const ancestors = new Set<Open['container']>();
  const newLine = (): string => (indent === undefined ? '' : `\n${indent.repeat(open.length)}`);
  const colon = indent === undefined ? ':' : ': ';
  let json = '';
  put(value);
  // A loop instead of recursion: data may be nested deeper than the stack is.
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const member = top.members[top.next];
    budget.checkSize(json.length);
    if (member === undefined) {
      open.pop();
      ancestors.delete(top.container);
      json += (top.members.length > 0 ? newLine() : '') + top.close;
      continue;
    }
    json += (top.next++ > 0 ? ',' : '') + newLine();
    if (member.key !== undefined) json += jsonString(member.key, escapeHtml) + colon;
    put(member.value);
  }
  return json;

  function put(each: Value): void {
    budget.charge(typeof each === 'string' ? 1 + each.length / bytesPerStep : 1);
    const container = containerOf(each);
    if (container === undefined) {
      json += scalarJson(each, escapeHtml);
      return;
    }
    if (ancestors.has(container.container)) {
      throw new FunctionError(`json: unsupported value: encountered a cycle via ${container.container.type.name}`);
    }
    json += container.close === ']' ? '[' : '{';
    open.push(container);
    ancestors.add(container.container);
  }
}

function containerOf(value: Value): Open | undefined {
  if (value instanceof GoSlice && !value.isNil && value.type.elem?.kind !== 'uint8') {
    return { container: value, close: ']', members: value.items.map((item) => ({ value: item })), next: 0 };
  }
  if (value instanceof GoMap && !value.isNil) {
    const members = value.sortedKeys().map((key) => ({ key, value: value.entries.get(key) ?? null }));
    return { container: value, close: '}', members, next: 0 };
  }
  return value instanceof GoObject && marshaler(value) === undefined ? structOf(value) : undefined;
}

/** A struct without a method for JSON: its exported fields. */
function structOf(value: GoObject): Open {
  const members = value
    .fields()
    .filter(([name]) => /^[A-Z]/.test(name))
    .map(([key, field]) => ({ key, value: field }));
  return { container: value, close: '}', members, next: 0 };
}

function marshaler(value: GoObject): ReturnType<GoObject['method']> {
  return value.method('MarshalJSON');
}

function scalarJson(value: Value, escapeHtml: boolean): string {
  if (typeof value === 'string') return jsonString(value, escapeHtml);
  if (typeof value === 'number') return jsonNumber(value) ?? unsupported('value', formatShortest(value));
  if (typeof value === 'boolean') return String(value);
  if (value instanceof GoInt) return String(value.value);
  if (value instanceof GoFloat32) return float32Json(value.value);
  if (value instanceof GoSlice && !value.isNil) return `"${encodeBase64(bytesText(value))}"`;
  if (value instanceof GoObject) return marshalled(value);
  if (value instanceof GoComplex || value instanceof GoFunc) return unsupported('type', typeOf(value)?.name ?? '');
  return 'null';
}

/** As `jsonNumber`, with the digits that a float32 needs. */
function float32Json(value: number): string {
  return jsonNumber(Number(formatShortest32(value))) ?? unsupported('value', formatShortest32(value));
}

function marshalled(value: GoObject): string {
  try {
    const result = marshaler(value)?.call([]) ?? null;
    return result instanceof GoSlice ? bytesText(result) : 'null';
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    throw new FunctionError(`json: error calling MarshalJSON for type ${value.type.name}: ${error.message}`, {
      cause: error,
    });
  }
}

function unsupported(what: 'type' | 'value', name: string): never {
  throw new FunctionError(`json: unsupported ${what}: ${name}`);
}
