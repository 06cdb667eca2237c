/** The data of one remote Secret. */

import type { Secret } from '../../kube/resources.ts';
import { byteOrder } from '../../lib/byteorder.ts';
import { gjson } from '../../lib/gjson.ts';
import { quoteJsonPlain } from '../../lib/gojson.ts';
import { JsonSyntaxError } from '../../lib/json.ts';
import { renderedMembers } from '../../lib/jsonvalue.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { RemoteSecret, SecretMap } from '../../provider/provider.ts';

export class SecretData implements RemoteSecret {
  readonly version: string;
  readonly #name: string;
  readonly #data: ReadonlyMap<string, Uint8Array>;

  constructor(secret: Secret) {
    this.version = secret.metadata.resourceVersion ?? '';
    this.#name = secret.metadata.name ?? '';
    this.#data = dataOf(secret);
  }

  get sizeBytes(): number {
    let size = 0;
    for (const [key, value] of this.#data) size += key.length + value.byteLength;
    return size;
  }

  /** All data as JSON, or one key; what is no key is a key up to the first dot and a gjson path from there, as in ESO 2.9. */
  value(property: string | undefined): Uint8Array {
    if (property === undefined || property === '') return jsonOfData(this.#data);
    const found = this.#data.get(property) ?? this.#within(property);
    if (found !== undefined) return found;
    throw new ProviderError('invalid', `the Secret ${this.#name} has no property ${property}`);
  }

  /** All keys; with a property, the members of the JSON object that it is. */
  map(property: string | undefined): SecretMap {
    if (property === undefined || property === '') return new Map(this.#data);
    return membersOf(`the property ${property} of the Secret ${this.#name}`, this.value(property));
  }

  #within(property: string): Uint8Array | undefined {
    const dot = property.indexOf('.');
    const json = this.#data.get(property.slice(0, dot));
    return dot <= 0 || json === undefined ? undefined : gjson(json, property.slice(dot + 1))?.bytes;
  }
}

export function dataOf({ data = {} }: Secret): Map<string, Uint8Array> {
  return new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]));
}

/** One object of strings, keys sorted, as Go writes it without HTML escapes. */
export function jsonOfData(data: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sorted = [...data].sort(([left], [right]) => byteOrder(left, right));
  return Buffer.from(`{${sorted.map(([key, value]) => `${quoteJsonPlain(key)}:${quoteJsonPlain(value)}`).join(',')}}`);
}

/** @throws ProviderError `invalid` when it is no JSON object */
export function membersOf(what: string, json: Uint8Array): SecretMap {
  try {
    const members = renderedMembers(json);
    if (members !== undefined) return members;
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    throw new ProviderError('invalid', `${what} is not a JSON object: ${cause.message}`, { cause });
  }
  throw new ProviderError('invalid', `${what} is not a JSON object`);
}
