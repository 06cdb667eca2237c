/** One value of a fake store. */
import { gjson } from '../../lib/gjson.ts';
import { JsonSyntaxError } from '../../lib/json.ts';
import { renderedMembers } from '../../lib/jsonvalue.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { RemoteSecret, SecretMap } from '../../provider/provider.ts';

export class FakeSecret implements RemoteSecret {
  readonly #key: string;
  readonly #value: Uint8Array;

  constructor(key: string, value: Uint8Array) {
    this.#key = key;
    this.#value = value;
  }

  /** A property is a gjson path, and nothing else; one that is not there is `notFound`. Both as in ESO 2.9. */
  value(property: string | undefined): Uint8Array {
    if (property === undefined || property === '') return this.#value;
    const found = gjson(this.#value, property);
    if (found !== undefined) return found.bytes;
    throw new ProviderError('notFound', `the secret ${this.#key} has no property ${property}`);
  }

  map(property: string | undefined): SecretMap {
    const members = this.#members(this.value(property));
    if (members !== undefined) return members;
    throw new ProviderError('invalid', `the secret ${this.#key} is not a JSON object`);
  }

  #members(json: Uint8Array): SecretMap | undefined {
    try {
      return renderedMembers(json);
    } catch (cause) {
      if (!(cause instanceof JsonSyntaxError)) throw cause;
      throw new ProviderError('invalid', `the secret ${this.#key} is not a JSON object: ${cause.message}`, { cause });
    }
  }
}
