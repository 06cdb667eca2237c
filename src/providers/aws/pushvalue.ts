/** What a pushed value becomes: the same in both services. */
import { isUtf8 } from 'node:buffer';
import { JsonSyntaxError, parseJson } from '../../lib/json.ts';
import { marshalJsonPlain } from '../../lib/jsonvalue.ts';
import { deleteJson, JsonPathError, setJson } from '../../lib/sjson.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { PushRequest, SecretMap } from '../../provider/provider.ts';
import { propertyOf } from './property.ts';

/** What the value under a name is to become. */
export interface ValueChange {
  /** What errors call it. */
  readonly name: string;
  /** Undefined: there is no value yet. */
  readonly present: Uint8Array | undefined;
  /** How the bytes of one key stand in the JSON object that a whole Secret becomes. */
  readonly textOf: (bytes: Uint8Array) => string;
}

/**
 * One key's bytes, or a whole Secret as one JSON object with its keys sorted; under a property, if there is one, of what
 * is there already.
 * @throws ProviderError `invalid`
 */
export function pushedValue({ name, present, textOf }: ValueChange, { value, property }: PushRequest): Uint8Array {
  const bytes = value instanceof Map ? objectOf(value, textOf) : value;
  return property ? withProperty(name, present, property, bytes) : bytes;
}

/** @throws ProviderError `invalid` for bytes that are no text */
export function utf8Of(name: string, bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes).toString('utf8');
  throw new ProviderError('invalid', `the value for ${name} is not UTF-8, so that it cannot be stored as text`);
}

export function lenientText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function objectOf(data: SecretMap, textOf: (bytes: Uint8Array) => string): Uint8Array {
  const texts = Array.from(data, ([key, bytes]) => [key, textOf(bytes)] as const);
  return Buffer.from(marshalJsonPlain(new Map(texts)));
}

/** What is no JSON object would be lost. */
function withProperty(name: string, present: Uint8Array | undefined, property: string, value: Uint8Array): Uint8Array {
  if (present !== undefined && !isJsonObject(present))
    throw new ProviderError('invalid', `${name} is not a JSON object, so that it takes no property`);
  return edited(name, property, () => setJson(present ?? '', property, value));
}

/** @returns undefined when nothing is left */
export function withoutProperty(name: string, present: Uint8Array, property: string): Uint8Array | undefined {
  const rest = edited(name, property, () => deleteJson(present, property));
  return /^\s*\{\s*\}\s*$/.test(Buffer.from(rest).toString('utf8')) ? undefined : rest;
}

export function hasProperty(value: Uint8Array, property: string): boolean {
  return isJsonObject(value) && propertyOf(value, property) !== undefined;
}

function isJsonObject(bytes: Uint8Array): boolean {
  try {
    return parseJson(bytes) instanceof Map;
  } catch (cause) {
    if (cause instanceof JsonSyntaxError) return false;
    throw cause;
  }
}

function edited(name: string, property: string, edit: () => Uint8Array): Uint8Array {
  try {
    return edit();
  } catch (cause) {
    if (!(cause instanceof JsonPathError)) throw cause;
    const message = `the property ${property} of ${name} cannot be written: ${cause.message}`;
    throw new ProviderError('invalid', message, { cause });
  }
}
