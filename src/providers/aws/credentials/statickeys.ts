/** Access keys that are there already. */
import { createHash } from 'node:crypto';
import type { ScopedObjects, SecretKeySelector } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { AwsAuth } from '../schema.ts';
import type { AwsCredentials, CredentialSource } from './credentials.ts';

export function staticSource(credentials: AwsCredentials): CredentialSource {
  const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials;
  const secrets = createHash('sha256')
    .update(JSON.stringify([secretAccessKey, sessionToken]))
    .digest('hex');
  return {
    identity: ['static', accessKeyId, secrets],
    get: async () => credentials,
    // Changed Secrets make a new client; until then these are all there is.
    refused: () => false,
  };
}

/** @throws ProviderError `invalid` when a reference or what it names is missing or empty */
export async function secretRefSource(
  secretRef: NonNullable<AwsAuth['secretRef']>,
  objects: ScopedObjects,
): Promise<CredentialSource> {
  const { accessKeyIDSecretRef, secretAccessKeySecretRef, sessionTokenSecretRef } = secretRef;
  const [accessKeyId, secretAccessKey, sessionToken] = await Promise.all([
    textAt('accessKeyIDSecretRef', accessKeyIDSecretRef, objects),
    textAt('secretAccessKeySecretRef', secretAccessKeySecretRef, objects),
    sessionTokenSecretRef === undefined ? undefined : textAt('sessionTokenSecretRef', sessionTokenSecretRef, objects),
  ]);
  return staticSource({ accessKeyId, secretAccessKey, sessionToken });
}

/** Files end with a line end, keys do not. */
async function textAt(
  member: string,
  selector: SecretKeySelector | undefined,
  objects: ScopedObjects,
): Promise<string> {
  if (selector === undefined) throw new ProviderError('invalid', `auth.secretRef.${member} is required`);
  const text = Buffer.from(await objects.secretKey(selector))
    .toString('utf8')
    .trim();
  if (text !== '') return text;
  throw new ProviderError('invalid', `the key that auth.secretRef.${member} names is empty`);
}
