/** The public part of one key, as a JWK. */
import type { JsonWebKey, KeyVaultKey } from '@azure/keyvault-keys';
import { ProviderError } from '../../../provider/errors.ts';
import type { RemoteSecret } from '../../../provider/provider.ts';
import { propertyOf } from './json.ts';

/** The members that are bytes. */
const binaryMembers = ['n', 'e', 'd', 'dp', 'dq', 'qi', 'p', 'q', 'k', 'x', 'y'] as const;

export class KeyValue implements RemoteSecret {
  readonly version: string;
  readonly #name: string;
  readonly #jwk: Uint8Array;

  constructor({ name, key = {}, properties }: KeyVaultKey) {
    this.version = properties.version ?? '';
    this.#name = name;
    this.#jwk = Buffer.from(JSON.stringify(jwkOf(key)));
  }

  /** The JWK as JSON, or one member of it. */
  value(property: string | undefined): Uint8Array {
    if (property === undefined || property === '') return this.#jwk;
    const found = propertyOf(this.#jwk, property);
    if (found !== undefined) return found;
    throw new ProviderError('invalid', `the key ${this.#name} has no property ${property}`);
  }

  /** As in ESO 2.9. */
  map(): never {
    throw new ProviderError('invalid', `the key ${this.#name} is no map of keys: use it in data`);
  }
}

/** In the order of members that ESO writes. */
function jwkOf({ kid, kty, keyOps, crv, ...members }: JsonWebKey): Record<string, unknown> {
  const bytes = binaryMembers.flatMap((member) => {
    const value = members[member];
    return value === undefined ? [] : [[member, Buffer.from(value).toString('base64url')] as const];
  });
  return { kid, kty, key_ops: keyOps, ...Object.fromEntries(bytes), crv };
}
