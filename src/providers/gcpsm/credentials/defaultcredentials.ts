/** Application default credentials: what the operator's own surroundings say it is, in the order Google's tools look. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ProviderSettings, Session } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { TokenServices, TokenSource } from './accesstokens.ts';
import { byLibrary, libraryOptions, loadAuthLibrary } from './authlibrary.ts';
import { parseCredentials } from './credentialsjson.ts';
import { impersonate } from './exchange.ts';
import { ExternalAccount, externalAccountTokens } from './externalaccount.ts';
import { metadataTokens } from './metadataserver.ts';
import { parseServiceAccountKey, serviceAccountKeyTokens } from './serviceaccountkey.ts';

type Environment = ProviderSettings['environment'];

const AnyCredentials = z.object({ type: z.string() });
const AuthorizedUser = z.object({
  type: z.literal('authorized_user'),
  client_id: z.string(),
  client_secret: z.string(),
  refresh_token: z.string(),
});
type AuthorizedUser = z.output<typeof AuthorizedUser>;
const ImpersonatedAccount = z.object({
  type: z.literal('impersonated_service_account'),
  service_account_impersonation_url: z.string().regex(/\/serviceAccounts\/[^/:]+:generateAccessToken$/),
  source_credentials: z.looseObject({ type: z.string() }),
});

/** The file that `GOOGLE_APPLICATION_CREDENTIALS` names, else that of `gcloud auth application-default login`, else the metadata server. */
export async function defaultTokens(services: TokenServices, environment: Environment): Promise<TokenSource> {
  const named = environment['GOOGLE_APPLICATION_CREDENTIALS'];
  const file = named || wellKnownFile(environment);
  if (file === undefined || (!named && (await textOf(file)) === undefined)) return metadataTokens(services);
  return fileTokens(file, services);
}

/** The file is read for each token: mounted credentials change. */
function fileTokens(file: string, services: TokenServices): TokenSource {
  return {
    identity: ['file', file],
    async create(signal) {
      const json = await textOf(file);
      if (json === undefined) throw new ProviderError('invalid', `the file ${file} cannot be read`);
      return sourceOf(json, `the file ${file}`, services).create(signal);
    },
  };
}

function sourceOf(json: string, from: string, services: TokenServices): TokenSource {
  const { type } = parseCredentials(AnyCredentials, json, from);
  switch (type) {
    case 'service_account':
      return serviceAccountKeyTokens(parseServiceAccountKey(json, from), services);
    case 'authorized_user':
      return userTokens(parseCredentials(AuthorizedUser, json, from), services);
    case 'external_account':
      return externalAccountTokens(parseCredentials(ExternalAccount, json, from), services);
    case 'impersonated_service_account':
      return impersonatedTokens(json, from, services);
    default:
      throw new ProviderError('invalid', `${from} has credentials of an unknown type`);
  }
}

function userTokens(user: AuthorizedUser, { transport, clock, call }: TokenServices): TokenSource {
  return {
    identity: ['user', user.client_id],
    async create(signal): Promise<Session<string>> {
      const { UserRefreshClient } = await loadAuthLibrary();
      return call(
        'GenerateAccessToken',
        async (limit) => {
          const { client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken } = user;
          const options = { ...libraryOptions(transport, limit), clientId, clientSecret, refreshToken };
          const client = new UserRefreshClient(options);
          const { token } = await byLibrary('the refresh token', () => client.getAccessToken());
          if (typeof token !== 'string') throw new ProviderError('unavailable', 'no access token: there was none');
          return { value: token, expiresAtMs: client.credentials.expiry_date ?? clock.now() };
        },
        signal,
      );
    },
  };
}

function impersonatedTokens(json: string, from: string, services: TokenServices): TokenSource {
  const { source_credentials: source, service_account_impersonation_url: url } = parseCredentials(
    ImpersonatedAccount,
    json,
    from,
  );
  const email = url.slice(url.lastIndexOf('/') + 1).replace(/:generateAccessToken$/, '');
  const inner = sourceOf(JSON.stringify(source), from, services);
  return {
    identity: ['impersonated', email, inner.identity],
    async create(signal) {
      const { value } = await inner.create(signal);
      return impersonate({ email }, value, services, signal);
    },
  };
}

function wellKnownFile(environment: Environment): string | undefined {
  const { HOME: home, CLOUDSDK_CONFIG: config } = environment;
  const folder = config || (home && join(home, '.config', 'gcloud'));
  return folder && join(folder, 'application_default_credentials.json');
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
