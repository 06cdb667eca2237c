/** Private keys as users have them, and as a vault takes them. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { JsonWebKey, KeyVaultKey } from '@azure/keyvault-keys';
import { ProviderError } from '../../../provider/errors.ts';

/** The members of a key that tell it from others. */
const publicMembers = ['n', 'e', 'x', 'y'] as const;
const members = [...publicMembers, 'd', 'dp', 'dq', 'qi', 'p', 'q'] as const;

/**
 * @param value PEM (PKCS#1, PKCS#8, SEC 1), or a JWK
 * @throws ProviderError `invalid` for anything else, and for kinds of keys that no vault takes
 */
export function privateKeyOf(name: string, value: Uint8Array): JsonWebKey {
  const jwk = parse(name, value).export({ format: 'jwk' });
  if (jwk.kty !== 'RSA' && jwk.kty !== 'EC') {
    throw new ProviderError('invalid', `key/${name}: a vault takes RSA and EC keys only`);
  }
  const bytes = members.flatMap((member) => {
    const text = jwk[member];
    return text === undefined ? [] : [[member, Buffer.from(text, 'base64url')] as const];
  });
  const curve = jwk.crv === undefined ? {} : { crv: jwk.crv === 'secp256k1' ? 'P-256K' : jwk.crv };
  return { kty: jwk.kty, ...curve, ...Object.fromEntries(bytes) };
}

/** Whether the vault's key is the public half of this one. */
export function isKeyOf({ key = {} }: KeyVaultKey, own: JsonWebKey): boolean {
  const same = publicMembers.every((member) => {
    const [left, right] = [own[member], key[member]];
    return left === undefined || right === undefined ? left === right : Buffer.from(left).equals(right);
  });
  return same && own.crv === key.crv;
}

function parse(name: string, value: Uint8Array): KeyObject {
  const text = Buffer.from(value).toString('utf8').trim();
  try {
    if (!text.startsWith('{')) return createPrivateKey(text);
    // Whatever it is, node:crypto judges it.
    return createPrivateKey({ key: JSON.parse(text) as import('node:crypto').JsonWebKey, format: 'jwk' });
  } catch {
    // The parsers' own messages may quote the key.
    throw new ProviderError('invalid', `key/${name}: the value is no private key in PEM or as a JWK`);
  }
}
