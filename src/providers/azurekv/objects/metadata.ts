/** Tags and dates of one object: what `metadataPolicy: Fetch` reads. */
import { gjson } from '../../../lib/gjson.ts';
import { marshalJson } from '../../../lib/jsonvalue.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { RemoteSecret, SecretMap } from '../../../provider/provider.ts';
import { membersOf } from './json.ts';

/** What the objects of all three kinds say about themselves. */
export interface ObjectProperties {
  readonly version?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly expiresOn?: Date;
  readonly createdOn?: Date;
  readonly updatedOn?: Date;
  readonly notBefore?: Date;
}

export class ObjectMetadata implements RemoteSecret {
  readonly version: string;
  readonly #key: string;
  readonly #texts: ReadonlyMap<string, string>;

  constructor(key: string, properties: ObjectProperties) {
    this.version = properties.version ?? '';
    this.#key = key;
    this.#texts = new Map([...Object.entries(properties.tags ?? {}), ...datesOf(properties)]);
  }

  /** All as one JSON object, one tag, or a gjson path into a tag that is JSON: `<tag>.<path>`. */
  value(property: string | undefined): Uint8Array {
    if (property === undefined || property === '') return Buffer.from(marshalJson(this.#texts));
    const exact = this.#texts.get(property);
    const found = exact === undefined ? this.#within(property) : Buffer.from(exact);
    if (found !== undefined) return found;
    throw new ProviderError('invalid', `${this.#key} has no tag or attribute ${property}`);
  }

  map(property: string | undefined): SecretMap {
    if (property !== undefined && property !== '') {
      return membersOf(`the tag ${property} of ${this.#key}`, this.value(property));
    }
    return new Map(Array.from(this.#texts, ([name, text]) => [name, Buffer.from(text)]));
  }

  #within(property: string): Uint8Array | undefined {
    const dot = property.indexOf('.');
    const json = this.#texts.get(property.slice(0, dot));
    return dot <= 0 || json === undefined ? undefined : gjson(json, property.slice(dot + 1))?.bytes;
  }
}

/** Under the names that ESO 2.9 gives them. */
function datesOf(properties: ObjectProperties): readonly (readonly [string, string])[] {
  const dates = {
    'attribute.expires': properties.expiresOn,
    'attribute.created': properties.createdOn,
    'attribute.updated': properties.updatedOn,
    'attribute.notBefore': properties.notBefore,
  };
  return Object.entries(dates).flatMap(([name, date]) => (date === undefined ? [] : [[name, rfc3339(date)] as const]));
}

/** Key Vault counts in seconds. */
function rfc3339(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
