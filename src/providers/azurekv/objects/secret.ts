/** The value of one secret. */
import type { KeyVaultSecret } from '@azure/keyvault-secrets';
import { utf8Bytes } from '../../../lib/utf8.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { RemoteSecret, SecretMap } from '../../../provider/provider.ts';
import { membersOf, propertyOf } from './json.ts';

export class SecretValue implements RemoteSecret {
  readonly version: string;
  readonly #name: string;
  readonly #value: Uint8Array;

  constructor({ name, value = '', properties }: KeyVaultSecret) {
    this.version = properties.version ?? '';
    this.#name = name;
    this.#value = utf8Bytes(value);
  }

  value(property: string | undefined): Uint8Array {
    if (property === undefined || property === '') return this.#value;
    const found = propertyOf(this.#value, property);
    if (found !== undefined) return found;
    throw new ProviderError('invalid', `the secret ${this.#name} has no property ${property}`);
  }

  map(property: string | undefined): SecretMap {
    const what = property === undefined || property === '' ? '' : `the property ${property} of `;
    return membersOf(`${what}the secret ${this.#name}`, this.value(property));
  }
}
