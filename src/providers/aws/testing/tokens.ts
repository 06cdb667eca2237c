/** ServiceAccounts' tokens as a cluster makes them, but for the signature, which the test server does not look at. */
import { UnsecuredJWT } from 'jose';
import { MemoryObjects } from '../../../provider/testing/memoryobjects.ts';

export function webIdentityToken(subject: string, audiences: readonly string[]): string {
  return new UnsecuredJWT({})
    .setSubject(subject)
    .setAudience([...audiences])
    .setExpirationTime('10m')
    .encode();
}

/** A cluster that makes such tokens. */
export function tokenObjects(): MemoryObjects {
  return new MemoryObjects(async ({ namespace, name }, { audiences, expirationSeconds }) => ({
    token: webIdentityToken(`system:serviceaccount:${namespace}:${name}`, audiences),
    expiresAtMs: Date.now() + expirationSeconds * 1_000,
  }));
}
