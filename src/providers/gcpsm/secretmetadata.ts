/** The labels and annotations of one secret: what `metadataPolicy: Fetch` reads. */

import { JsonSyntaxError } from '../../lib/json.ts';
import { marshalJson, rawMembers } from '../../lib/jsonvalue.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { RemoteSecret, SecretMap } from '../../provider/provider.ts';
import type { Secret } from './api.ts';

type Texts = ReadonlyMap<string, string>;

export class SecretMetadata implements RemoteSecret {
  readonly version: string;
  readonly #key: string;
  readonly #parts: ReadonlyMap<string, Texts>;

  constructor(key: string, { etag, annotations, labels }: Secret) {
    this.#key = key;
    this.version = etag ?? '';
    this.#parts = new Map([
      ['annotations', new Map(Object.entries(annotations ?? {}))],
      ['labels', new Map(Object.entries(labels ?? {}))],
    ]);
  }

  /** `labels` or `annotations` as JSON, or one of them: `labels.<key>`, whose key may have dots. */
  value(property: string | undefined): Uint8Array {
    if (property === undefined || property === '') return Buffer.from(marshalJson(this.#parts));
    const [, part = '', key] = /^([^.]*)(?:\.([^]+))?$/.exec(property) ?? [];
    const texts = this.#parts.get(part);
    const found = key === undefined ? texts && marshalJson(texts) : texts?.get(key);
    if (found !== undefined) return Buffer.from(found);
    throw new ProviderError('invalid', `the metadata of ${this.#key} has no property ${property}`);
  }

  map(property: string | undefined): SecretMap {
    try {
      const members = rawMembers(this.value(property));
      if (members !== undefined) return members;
    } catch (cause) {
      if (!(cause instanceof JsonSyntaxError)) throw cause;
    }
    throw new ProviderError('invalid', `the metadata ${property} of ${this.#key} is not a JSON object`);
  }
}
