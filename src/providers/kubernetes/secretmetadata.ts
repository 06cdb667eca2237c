/** The labels and annotations of one remote Secret: what `metadataPolicy: Fetch` reads. */

import type { Secret } from '../../kube/resources.ts';
import { gjson } from '../../lib/gjson.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { RemoteSecret, SecretMap } from '../../provider/provider.ts';
import { jsonOfData, membersOf } from './secretdata.ts';

type Texts = ReadonlyMap<string, Uint8Array>;

export class SecretMetadata implements RemoteSecret {
  readonly version: string;
  readonly #name: string;
  readonly #parts: ReadonlyMap<string, Texts>;

  constructor({ metadata }: Secret) {
    this.version = metadata.resourceVersion ?? '';
    this.#name = metadata.name ?? '';
    this.#parts = new Map([
      ['annotations', textsOf(metadata.annotations)],
      ['labels', textsOf(metadata.labels)],
    ]);
  }

  /** `labels` or `annotations` as JSON, or `labels.<key>`; a key's value may be JSON: `annotations.<key>.<gjson path>`. */
  value(property: string | undefined): Uint8Array {
    if (property === undefined || property === '') return this.#whole();
    const [, part = '', key] = /^([^.]*)(?:\.([^]*))?$/.exec(property) ?? [];
    const texts = this.#parts.get(part);
    const found = key === undefined ? texts && jsonOfData(texts) : texts && valueIn(texts, key);
    if (found !== undefined) return found;
    throw new ProviderError('invalid', `the metadata of the Secret ${this.#name} has no property ${property}`);
  }

  map(property: string | undefined): SecretMap {
    if (property === undefined || property === '') {
      return new Map(Array.from(this.#parts, ([part, texts]) => [part, jsonOfData(texts)]));
    }
    return membersOf(`the metadata ${property} of the Secret ${this.#name}`, this.value(property));
  }

  #whole(): Uint8Array {
    const parts = Array.from(
      this.#parts,
      ([part, texts]) => `"${part}":${Buffer.from(jsonOfData(texts)).toString('utf8')}`,
    );
    return Buffer.from(`{${parts.join(',')}}`);
  }
}

function textsOf(record: Readonly<Record<string, string>> = {}): Texts {
  return new Map(Object.entries(record).map(([key, value]) => [key, Buffer.from(value)]));
}

/** Keys of labels have dots themselves: the whole is tried first, then the longest key that the path begins with. */
function valueIn(texts: Texts, path: string): Uint8Array | undefined {
  const exact = texts.get(path);
  if (exact !== undefined) return exact;
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const json = texts.get(path.slice(0, dot));
    if (json !== undefined) return gjson(json, path.slice(dot + 1))?.bytes;
  }
  return undefined;
}
