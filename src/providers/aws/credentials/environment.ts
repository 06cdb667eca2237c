/** The operator's own identity, where the SDKs look for it: variables, web identity, container or pod identity, files, instance. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { byteOrder } from '../../../lib/byteorder.ts';
import type { ApiCaller, ConnectContext } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { AwsCredentials, CredentialSource } from './credentials.ts';
import { SessionSource } from './sessionsource.ts';
import { staticSource } from './statickeys.ts';
import { type SecurityTokenService, sessionName } from './sts.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** As the SDK's providers give them. */
interface ProvidedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Decides now where to look; looks when it is asked. */
export function environmentSource(
  sts: SecurityTokenService,
  { settings, sessions }: ConnectContext,
  call: ApiCaller,
): CredentialSource {
  const variables = settings.environment;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = variables;
  if (accessKeyId && secretAccessKey)
    return staticSource({ accessKeyId, secretAccessKey, sessionToken: variables['AWS_SESSION_TOKEN'] || undefined });
  return new SessionSource({
    identity: [...sts.identity, 'environment', fingerprint(variables)],
    sessions,
    request: requestOf(variables, sts, call),
  });
}

/** The order in which Go's SDK, and so ESO, looks; files and the instance are looked for by the SDK's own chain. */
function requestOf(
  variables: Variables,
  sts: SecurityTokenService,
  call: ApiCaller,
): (signal: AbortSignal) => Promise<AwsCredentials> {
  const { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: roleArn } = variables;
  if (file && roleArn) {
    const name = variables['AWS_ROLE_SESSION_NAME'] || sessionName;
    return async (signal) =>
      sts.assumeRoleWithWebIdentity({ roleArn, token: await tokenIn(file), sessionName: name }, signal);
  }
  const provide = hasContainerEndpoint(variables) ? fromContainer : fromChain;
  return (signal) => call('GetCredentials', () => provided(provide(variables)), signal);
}

function hasContainerEndpoint(variables: Variables): boolean {
  return Boolean(
    variables['AWS_CONTAINER_CREDENTIALS_FULL_URI'] || variables['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
  );
}

/** EKS Pod Identity and ECS. */
async function fromContainer(variables: Variables): Promise<ProvidedCredentials> {
  const { fromHttp } = await import('@aws-sdk/credential-providers');
  const options = {
    awsContainerCredentialsFullUri: variables['AWS_CONTAINER_CREDENTIALS_FULL_URI'],
    awsContainerCredentialsRelativeUri: variables['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
    awsContainerAuthorizationToken: variables['AWS_CONTAINER_AUTHORIZATION_TOKEN'],
    awsContainerAuthorizationTokenFile: variables['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'],
  };
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value));
  return fromHttp({ ...given, maxRetries: 0, timeout: 2_000 })();
}

/** Profiles, SSO, processes, and the instance's metadata service. */
async function fromChain(variables: Variables): Promise<ProvidedCredentials> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const profile = variables['AWS_PROFILE'];
  return fromNodeProviderChain({ maxRetries: 0, timeout: 2_000, ...(profile ? { profile } : {}) })();
}

/** @throws ProviderError `denied`: somebody has to give the operator an identity */
async function provided(providing: Promise<ProvidedCredentials>): Promise<AwsCredentials> {
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await providing;
    return { accessKeyId, secretAccessKey, sessionToken, expiresAtMs: expiration?.getTime() };
  } catch (cause) {
    // What the SDK says may hold what the endpoint answered.
    throw new ProviderError('denied', `the operator has no AWS credentials of its own (${nameOf(cause)})`);
  }
}

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : 'unknown reason';
}

async function tokenIn(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new ProviderError('denied', `the web identity token file ${file} cannot be read`, { cause });
  }
}

/** Whatever says where to look is part of who one is. */
function fingerprint(variables: Variables): string {
  const names = Object.keys(variables).filter((name) => name.startsWith('AWS_'));
  const relevant = names.sort(byteOrder).map((name) => [name, variables[name]]);
  return createHash('sha256').update(JSON.stringify(relevant)).digest('hex');
}
