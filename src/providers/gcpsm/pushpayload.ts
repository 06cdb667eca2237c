/** What a pushed secret's payload becomes. */
import { marshalJsonPlain } from '../../lib/jsonvalue.ts';
import { deleteJson, JsonPathError, setJson } from '../../lib/sjson.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { SecretMap } from '../../provider/provider.ts';
import { isJson, propertyOf } from './secretpayload.ts';

/** One key's bytes as they are; a whole Secret as one JSON object of strings. */
export function pushedBytes(value: Uint8Array | SecretMap): Uint8Array {
  if (!(value instanceof Map)) return value;
  const texts = Array.from(value, ([key, bytes]) => [key, Buffer.from(bytes).toString('utf8')] as const);
  return Buffer.from(marshalJsonPlain(new Map(texts)));
}

/**
 * @param payload undefined: there is none yet
 * @throws ProviderError `invalid` for a payload that is no JSON object, which would be lost
 */
export function withProperty(
  key: string,
  payload: Uint8Array | undefined,
  property: string,
  value: Uint8Array,
): Uint8Array {
  if (payload !== undefined && !isJsonObject(payload))
    throw new ProviderError('invalid', `the secret ${key} is not a JSON object, so that it takes no property`);
  return edited(key, property, () => setJson(payload ?? '', property, value));
}

export function hasProperty(payload: Uint8Array, property: string): boolean {
  return isJson(payload) && propertyOf(payload, property) !== undefined;
}

/** @returns undefined when nothing is left */
export function withoutProperty(key: string, payload: Uint8Array, property: string): Uint8Array | undefined {
  const rest = edited(key, property, () => deleteJson(payload, property));
  return /^\s*\{\s*\}\s*$/.test(Buffer.from(rest).toString('utf8')) ? undefined : rest;
}

function isJsonObject(bytes: Uint8Array): boolean {
  return isJson(bytes) && /^\s*\{/.test(Buffer.from(bytes).toString('utf8'));
}

function edited(key: string, property: string, edit: () => Uint8Array): Uint8Array {
  try {
    return edit();
  } catch (cause) {
    if (!(cause instanceof JsonPathError)) throw cause;
    const message = `the property ${property} of ${key} cannot be written: ${cause.message}`;
    throw new ProviderError('invalid', message, { cause });
  }
}
