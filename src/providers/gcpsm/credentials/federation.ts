/** Workload Identity Federation: being an identity of a pool that trusts this cluster, AWS or some other issuer. */
import { createHash } from 'node:crypto';
import type { ConnectContext } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { GcpAuth } from '../schema.ts';
import type { TokenServices, TokenSource } from './accesstokens.ts';
import { byLibrary, libraryOptions, loadAuthLibrary } from './authlibrary.ts';
import { exchangeToken, impersonate, type SubjectToken } from './exchange.ts';
import { externalAccountTokens, parseExternalAccount, refuseOwnToken } from './externalaccount.ts';
import { jwtTokenType, serviceAccountSubject } from './kubernetestoken.ts';
import { accountOf } from './workloadidentity.ts';

type Federation = NonNullable<GcpAuth['workloadIdentityFederation']>;

const awsTokenType = 'urn:ietf:params:aws:token-type:aws4_request';

/** Why the spec cannot work; undefined when it can. */
export function problemOfFederation(spec: Federation): string | undefined {
  const { credConfig, serviceAccountRef, awsSecurityCredentials, audience = '' } = spec;
  const proofs = [credConfig, serviceAccountRef, awsSecurityCredentials].filter((proof) => proof !== undefined);
  if (proofs.length !== 1) return 'exactly one of credConfig, serviceAccountRef and awsSecurityCredentials is required';
  return credConfig === undefined && audience === '' ? 'audience is required' : undefined;
}

/**
 * Looks everything up now, so that the wall between namespaces is passed while connecting, and nowhere else.
 * @throws ProviderError `invalid`
 */
export async function federatedTokens(
  spec: Federation,
  services: TokenServices,
  context: ConnectContext,
): Promise<TokenSource> {
  const problem = problemOfFederation(spec);
  if (problem !== undefined) throw new ProviderError('invalid', `auth.workloadIdentityFederation: ${problem}`);
  const { credConfig, serviceAccountRef, awsSecurityCredentials } = spec;
  if (credConfig !== undefined) return configuredTokens(spec, credConfig, services, context);
  if (serviceAccountRef !== undefined) return serviceAccountTokens(spec, serviceAccountRef, services, context);
  if (awsSecurityCredentials !== undefined) return awsTokens(spec, awsSecurityCredentials, services, context);
  throw new ProviderError('invalid', 'auth.workloadIdentityFederation is empty');
}

async function configuredTokens(
  { audience, externalTokenEndpoint, gcpServiceAccountEmail: email }: Federation,
  credConfig: NonNullable<Federation['credConfig']>,
  services: TokenServices,
  { objects }: ConnectContext,
): Promise<TokenSource> {
  const { endpoints } = services;
  const json = await objects.configMapKey(credConfig);
  const restrictions = { audience, externalTokenEndpoint };
  const parsed = parseExternalAccount(json, `the ConfigMap ${credConfig.name}`, restrictions, endpoints);
  const file = parsed.credential_source.file ?? '';
  if (file !== '') await refuseOwnToken(file);
  const url = parsed.service_account_impersonation_url ?? (email && endpoints.generateAccessToken(email));
  return externalAccountTokens({ ...parsed, service_account_impersonation_url: url }, services);
}

async function serviceAccountTokens(
  { audience = '', gcpServiceAccountEmail }: Federation,
  serviceAccountRef: NonNullable<Federation['serviceAccountRef']>,
  services: TokenServices,
  context: ConnectContext,
): Promise<TokenSource> {
  const account = await context.objects.serviceAccount(serviceAccountRef);
  const audiences = serviceAccountRef.audiences ?? [];
  const makeToken = serviceAccountSubject(account, audiences, context);
  const prove = async (): Promise<SubjectToken> => ({ token: await makeToken(), type: jwtTokenType, audience });
  const identity = ['serviceAccount', account.namespace, account.name, account.uid, audiences, audience];
  return provenTokens({ identity, email: gcpServiceAccountEmail ?? accountOf(account), prove }, services);
}

async function awsTokens(
  { audience = '', gcpServiceAccountEmail: email }: Federation,
  { region, awsCredentialsSecretRef }: NonNullable<Federation['awsSecurityCredentials']>,
  services: TokenServices,
  { objects }: ConnectContext,
): Promise<TokenSource> {
  const { data } = await objects.secret(awsCredentialsSecretRef);
  const text = (key: string): string => Buffer.from(data.get(key) ?? []).toString('utf8');
  const credentials = {
    accessKeyId: text('aws_access_key_id'),
    secretAccessKey: text('aws_secret_access_key'),
    token: text('aws_session_token') || undefined,
  };
  if (credentials.accessKeyId === '' || credentials.secretAccessKey === '') {
    const needed = 'aws_access_key_id and aws_secret_access_key';
    throw new ProviderError('invalid', `the Secret ${awsCredentialsSecretRef.name} must have ${needed}`);
  }
  const prove = async (signal: AbortSignal): Promise<SubjectToken> => {
    const token = await signedCallerIdentity({ credentials, region, audience }, services, signal);
    return { token, type: awsTokenType, audience };
  };
  const fingerprint = createHash('sha256').update(JSON.stringify(credentials)).digest('base64');
  return provenTokens({ identity: ['aws', region, audience, fingerprint], email, prove }, services);
}

interface Proof {
  readonly identity: readonly unknown[];
  /** A Google service account to act as. */
  readonly email: string | undefined;
  readonly prove: (signal: AbortSignal) => Promise<SubjectToken>;
}

function provenTokens({ identity, email, prove }: Proof, services: TokenServices): TokenSource {
  return {
    identity: ['federation', ...identity, email],
    async create(signal) {
      const exchanged = await exchangeToken(await prove(signal), services, signal);
      return email === undefined ? exchanged : impersonate({ email }, exchanged.value, services, signal);
    },
  };
}

interface AwsIdentity {
  readonly credentials: { accessKeyId: string; secretAccessKey: string; token: string | undefined };
  readonly region: string;
  readonly audience: string;
}

/** AWS credentials are proven by a signed request that Google sends to AWS; nothing is sent from here. */
async function signedCallerIdentity(
  { credentials, region, audience }: AwsIdentity,
  { transport }: TokenServices,
  signal: AbortSignal,
): Promise<string> {
  const { AwsClient } = await loadAuthLibrary();
  const { token, ...keys } = credentials;
  const client = new AwsClient({
    ...libraryOptions(transport, signal),
    type: 'external_account',
    audience,
    subject_token_type: awsTokenType,
    aws_security_credentials_supplier: {
      getAwsRegion: async () => region,
      getAwsSecurityCredentials: async () => (token === undefined ? keys : { ...keys, token }),
    },
  });
  return byLibrary('the AWS credentials', () => client.retrieveSubjectToken());
}
