/** Credential configurations of type `external_account`: who may be which identity of a pool, and where the proof is. */
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ProviderError } from '../../../provider/errors.ts';
import type { Endpoints } from '../endpoints.ts';
import type { TokenServices, TokenSource } from './accesstokens.ts';
import { byLibrary, libraryOptions, loadAuthLibrary } from './authlibrary.ts';
import { parseCredentials } from './credentialsjson.ts';
import { exchangeToken, impersonate } from './exchange.ts';

const CredentialSource = z.object({
  file: z.string().optional(),
  url: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  format: z.object({ type: z.enum(['json', 'text']), subject_token_field_name: z.string().optional() }).optional(),
  environment_id: z.string().optional(),
  region_url: z.string().optional(),
  regional_cred_verification_url: z.string().optional(),
  imdsv2_session_token_url: z.string().optional(),
  executable: z.unknown().optional(),
  certificate: z.unknown().optional(),
});

export const ExternalAccount = z.object({
  type: z.literal('external_account'),
  audience: z.string().default(''),
  subject_token_type: z.string().default('urn:ietf:params:oauth:token-type:jwt'),
  token_url: z.string().optional(),
  service_account_impersonation_url: z.string().optional(),
  service_account_impersonation: z.object({ token_lifetime_seconds: z.number().optional() }).default({}),
  client_id: z.string().optional(),
  client_secret: z.string().default(''),
  credential_source: CredentialSource,
});
export type ExternalAccount = z.output<typeof ExternalAccount>;

/** What a store says about a configuration that is kept elsewhere. */
export interface Restrictions {
  /** Takes the place of the configuration's own. */
  readonly audience?: string | undefined;
  /** The only URL that a token may be asked from. */
  readonly externalTokenEndpoint?: string | undefined;
}

/** Where nodes of AWS have their credentials, and nowhere else; ESO 2.9 takes the same. */
const awsMetadata = String.raw`^http://(?:metadata\.google\.internal|169\.254\.169\.254|\[fd00:ec2::254\])/latest/`;
const awsUrls = {
  url: new RegExp(`${awsMetadata}meta-data/iam/security-credentials$`),
  region_url: new RegExp(`${awsMetadata}meta-data/placement/availability-zone$`),
  imdsv2_session_token_url: new RegExp(`${awsMetadata}api/token$`),
} as const;

/** Where a pod's own token is mounted. */
const ownTokens = '/var/run/secrets/kubernetes.io';

/**
 * A configuration that somebody put into a ConfigMap: it may neither run commands, nor send the proof anywhere else, nor
 * use the operator's own token.
 * @throws ProviderError `invalid`
 */
export function parseExternalAccount(
  json: string,
  from: string,
  restrictions: Restrictions,
  endpoints: Endpoints,
): ExternalAccount {
  const parsed = parseCredentials(ExternalAccount, json, from);
  const account = { ...parsed, audience: restrictions.audience || parsed.audience };
  const problem = problemOf(account, restrictions, endpoints);
  if (problem !== undefined) throw new ProviderError('invalid', `${from} is not what it should be: ${problem}`);
  return account;
}

/** Tokens for a configuration that is trusted, or was checked. */
export function externalAccountTokens(account: ExternalAccount, services: TokenServices): TokenSource {
  const fingerprint = createHash('sha256').update(JSON.stringify(account)).digest('base64');
  return {
    identity: ['externalAccount', account.audience, fingerprint],
    async create(signal) {
      const token = await subjectTokenOf(account, services, signal);
      const { audience, subject_token_type: type, client_id: id, client_secret: secret } = account;
      const client = id === undefined ? undefined : { id, secret };
      const exchanged = await exchangeToken({ token, type, audience, client }, services, signal);
      const email = impersonatedEmail(account);
      const lifetimeSeconds = account.service_account_impersonation.token_lifetime_seconds;
      if (email === undefined) return exchanged;
      return impersonate({ email, lifetimeSeconds }, exchanged.value, services, signal);
    },
  };
}

/** @throws ProviderError `invalid` when it is the operator's own token */
export async function refuseOwnToken(file: string): Promise<void> {
  const [actual, own] = await Promise.all([realPathOf(file), realPathOf(ownTokens)]);
  if (`${actual}/`.startsWith(`${own}/`))
    throw new ProviderError(
      'invalid',
      'credential_source.file is the token of the operator itself; use serviceAccountRef',
    );
}

function problemOf(account: ExternalAccount, restrictions: Restrictions, endpoints: Endpoints): string | undefined {
  const { audience, token_url: tokenUrl, service_account_impersonation_url: impersonationUrl } = account;
  if (audience === '') return 'there is no audience';
  if (tokenUrl !== undefined && tokenUrl !== endpoints.tokenExchange)
    return `token_url is not ${endpoints.tokenExchange}`;
  if (impersonationUrl !== undefined) {
    const email = impersonatedEmail(account);
    if (email === undefined || impersonationUrl !== endpoints.generateAccessToken(email))
      return 'service_account_impersonation_url is not one of Google';
  }
  return problemOfSource(account.credential_source, restrictions);
}

function problemOfSource(
  source: ExternalAccount['credential_source'],
  { externalTokenEndpoint = '' }: Restrictions,
): string | undefined {
  const { file = '', url = '', environment_id: environment = '' } = source;
  if (source.executable !== undefined) return 'credential_source.executable is not allowed';
  if (source.certificate !== undefined) return 'credential_source.certificate is not allowed';
  if (environment !== '') return problemOfAws(source);
  if (file === '' && url === '') return 'credential_source has neither file, url nor environment_id';
  return url === externalTokenEndpoint ? undefined : "credential_source.url is not the store's externalTokenEndpoint";
}

function problemOfAws(source: ExternalAccount['credential_source']): string | undefined {
  if (!/^aws/i.test(source.environment_id ?? '')) return 'credential_source.environment_id does not begin with aws';
  if (!awsUrls.url.test(source.url ?? '')) return 'credential_source.url is not that of a node of AWS';
  if (!awsUrls.region_url.test(source.region_url ?? ''))
    return 'credential_source.region_url is not that of a node of AWS';
  const session = source.imdsv2_session_token_url;
  if (session === undefined || awsUrls.imdsv2_session_token_url.test(session)) return undefined;
  return 'credential_source.imdsv2_session_token_url is not that of a node of AWS';
}

async function subjectTokenOf(account: ExternalAccount, services: TokenServices, signal: AbortSignal): Promise<string> {
  const { ExternalAccountClient } = await loadAuthLibrary();
  return services.call(
    'GetSubjectToken',
    (limit) =>
      byLibrary('credential_source', async () => {
        // The library's options are a union over the sources, which a checked configuration does not tell apart.
        const options = { ...account, ...libraryOptions(services.transport, limit) } as unknown as Parameters<
          typeof ExternalAccountClient.fromJSON
        >[0];
        const client = ExternalAccountClient.fromJSON(options);
        if (client === null) throw new ProviderError('invalid', 'the credential configuration is of no known type');
        return client.retrieveSubjectToken();
      }),
    signal,
  );
}

/** The service account that the impersonation URL ends with. */
function impersonatedEmail({ service_account_impersonation_url: url = '' }: ExternalAccount): string | undefined {
  return /\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(url)?.[1];
}

/** Where the links on the way lead; a path that leads nowhere has none. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return resolve(path);
  }
}
