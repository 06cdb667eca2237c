/** What a property means in a value that is JSON, the same in both services. */
import { gjson } from '../../lib/gjson.ts';
import { JsonSyntaxError } from '../../lib/json.ts';
import { rawMembers } from '../../lib/jsonvalue.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { RemoteSecret, SecretMap } from '../../provider/provider.ts';

export interface RemoteValueOptions {
  /** What errors call it. */
  readonly name: string;
  readonly version: string | undefined;
  readonly bytes: Uint8Array;
}

/** The value of a secret or parameter, or its tags as one JSON object. */
export class RemoteValue implements RemoteSecret {
  readonly version?: string;
  readonly #name: string;
  readonly #bytes: Uint8Array;

  constructor({ name, version, bytes }: RemoteValueOptions) {
    if (version !== undefined) this.version = version;
    this.#name = name;
    this.#bytes = bytes;
  }

  get sizeBytes(): number {
    return this.#bytes.byteLength;
  }

  value(property: string | undefined): Uint8Array {
    if (property === undefined || property === '') return this.#bytes;
    const found = propertyOf(this.#bytes, property);
    if (found !== undefined) return found;
    throw new ProviderError('invalid', `${this.#name} has no property ${property}`);
  }

  /** Strings without quotes, anything else as it is written. */
  map(property: string | undefined): SecretMap {
    const what = property === undefined || property === '' ? this.#name : `the property ${property} of ${this.#name}`;
    try {
      const members = rawMembers(this.value(property));
      if (members !== undefined) return members;
    } catch (error) {
      // The parser's message quotes the value.
      if (!(error instanceof JsonSyntaxError)) throw error;
    }
    throw new ProviderError('invalid', `${what} is not a JSON object`);
  }
}

/** A key with dots before a path along them, as in ESO 2.9. */
export function propertyOf(json: Uint8Array, property: string): Uint8Array | undefined {
  const exact = property.includes('.') ? gjson(json, property.replaceAll('.', String.raw`\.`)) : undefined;
  return (exact ?? gjson(json, property))?.bytes;
}
