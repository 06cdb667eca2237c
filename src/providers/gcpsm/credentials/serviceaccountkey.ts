/** Being a service account by its key, a JSON file that Google gives out. */
import { createHash, createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { ProviderError } from '../../../provider/errors.ts';
import { scope, type TokenServices, type TokenSource } from './accesstokens.ts';
import { byLibrary, libraryOptions, loadAuthLibrary } from './authlibrary.ts';
import { parseCredentials } from './credentialsjson.ts';

const ServiceAccountKey = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(1),
  private_key: z.string().min(1),
});
export type ServiceAccountKey = z.output<typeof ServiceAccountKey>;

/**
 * @param from says where the key is kept
 * @throws ProviderError `invalid`, without repeating any of it
 */
export function parseServiceAccountKey(json: string, from: string): ServiceAccountKey {
  const key = parseCredentials(ServiceAccountKey, json, from);
  try {
    createPrivateKey(key.private_key);
  } catch {
    throw new ProviderError('invalid', `private_key of ${from} is not a private key in PEM`);
  }
  return key;
}

/** A signed assertion is traded for a token at Google's own token endpoint, whatever `token_uri` says. */
export function serviceAccountKeyTokens(
  key: ServiceAccountKey,
  { transport, clock, call }: TokenServices,
): TokenSource {
  const fingerprint = createHash('sha256').update(JSON.stringify(key)).digest('base64');
  return {
    identity: ['key', key.client_email, fingerprint],
    async create(signal) {
      const { JWT } = await loadAuthLibrary();
      const { access_token: token, expiry_date: expiresAtMs } = await call(
        'GenerateAccessToken',
        (limit) => {
          const client = new JWT({
            ...libraryOptions(transport, limit),
            email: key.client_email,
            key: key.private_key,
            scopes: [scope],
          });
          return byLibrary(`the key of ${key.client_email}`, () => client.authorize());
        },
        signal,
      );
      if (typeof token !== 'string') throw new ProviderError('unavailable', 'no access token: there was none');
      return { value: token, expiresAtMs: expiresAtMs ?? clock.now() };
    },
  };
}
