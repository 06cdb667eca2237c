/** AWS credentials to sign with: an access key, a ServiceAccount with a role, or what the operator's surroundings give. */
import type { ConnectContext, ScopedObjects } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { IamAuth } from '../schema.ts';
import { fingerprint, tokenText } from './secretvalue.ts';
import { serviceAccountTokens } from './serviceaccount.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsCredentialSource {
  readonly identity: readonly unknown[];
  /** @throws ProviderError */
  get(signal: AbortSignal): Promise<AwsCredentials>;
}

/** Annotations of Amazon's IAM roles for ServiceAccounts. */
const roleAnnotation = 'eks.amazonaws.com/role-arn';
const audienceAnnotation = 'eks.amazonaws.com/audience';
const defaultAudience = 'sts.amazonaws.com';
const sessionName = 'external-secrets';

export async function awsCredentials(
  auth: IamAuth,
  region: string,
  context: ConnectContext,
): Promise<AwsCredentialSource> {
  const base = await baseCredentials(auth, region, context);
  const { role, externalID } = auth;
  return role === undefined || role === '' ? base : assumedRole(base, { role, externalID, region }, context);
}

async function baseCredentials(
  { secretRef, jwt }: IamAuth,
  region: string,
  context: ConnectContext,
): Promise<AwsCredentialSource> {
  if (secretRef !== undefined) return accessKey(secretRef, context.objects);
  if (jwt?.serviceAccountRef !== undefined) return webIdentity(jwt.serviceAccountRef, region, context);
  return { identity: ['default'], get: () => byAws('the default credentials', () => defaultCredentials(region)) };
}

async function accessKey(
  secretRef: NonNullable<IamAuth['secretRef']>,
  objects: ScopedObjects,
): Promise<AwsCredentialSource> {
  const { accessKeyIDSecretRef, secretAccessKeySecretRef, sessionTokenSecretRef } = secretRef;
  if (accessKeyIDSecretRef === undefined || secretAccessKeySecretRef === undefined)
    throw new ProviderError('invalid', 'auth.iam.secretRef needs accessKeyIDSecretRef and secretAccessKeySecretRef');
  const [accessKeyId, secretAccessKey, sessionToken] = await Promise.all([
    tokenText(accessKeyIDSecretRef, objects),
    tokenText(secretAccessKeySecretRef, objects),
    sessionTokenSecretRef && tokenText(sessionTokenSecretRef, objects),
  ]);
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  return { identity: ['key', accessKeyId, fingerprint(secretAccessKey)], get: async () => credentials };
}

async function webIdentity(
  selector: NonNullable<NonNullable<IamAuth['jwt']>['serviceAccountRef']>,
  region: string,
  context: ConnectContext,
): Promise<AwsCredentialSource> {
  const { annotations } = await context.objects.serviceAccount(selector);
  const roleArn = annotations[roleAnnotation];
  if (roleArn === undefined)
    throw new ProviderError('invalid', `the ServiceAccount ${selector.name} has no annotation ${roleAnnotation}`);
  const audiences = [annotations[audienceAnnotation] ?? defaultAudience, ...(selector.audiences ?? [])];
  const tokens = await serviceAccountTokens(selector, { audiences }, context);
  return {
    identity: ['webIdentity', roleArn, ...tokens.identity],
    async get() {
      const webIdentityToken = await tokens.create();
      const { fromWebToken } = await import('@aws-sdk/credential-providers');
      const clientConfig = { region, ...endpointOf(context) };
      const options = { roleArn, webIdentityToken, roleSessionName: sessionName, clientConfig };
      return byAws(`the role ${roleArn}`, fromWebToken(options));
    },
  };
}

interface RoleOptions {
  readonly role: string;
  readonly externalID: string | undefined;
  readonly region: string;
}

function assumedRole(
  base: AwsCredentialSource,
  { role, externalID, region }: RoleOptions,
  context: ConnectContext,
): AwsCredentialSource {
  return {
    identity: [...base.identity, 'role', role, externalID],
    async get(signal) {
      const masterCredentials = await base.get(signal);
      const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
      const external = externalID === undefined ? {} : { ExternalId: externalID };
      const params = { RoleArn: role, RoleSessionName: sessionName, ...external };
      const clientConfig = { region, ...endpointOf(context) };
      return byAws(`the role ${role}`, fromTemporaryCredentials({ masterCredentials, params, clientConfig }));
    },
  };
}

async function defaultCredentials(region: string): Promise<AwsCredentials> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  return fromNodeProviderChain({ clientConfig: { region } })();
}

/** ESO's variable for another endpoint of STS. */
function endpointOf({ settings }: ConnectContext): { endpoint?: string } {
  const endpoint = settings.environment['AWS_STS_ENDPOINT'];
  return endpoint === undefined || endpoint === '' ? {} : { endpoint };
}

/** AWS refuses by errors with names; anything else is the network. The error is not handed on: it may hold a token. */
async function byAws(what: string, ask: () => Promise<AwsCredentials>): Promise<AwsCredentials> {
  try {
    return await ask();
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown reason';
    const isRefusal = error instanceof Error && '$fault' in error && error.$fault === 'client';
    throw new ProviderError(isRefusal ? 'denied' : 'unavailable', `AWS gave no credentials for ${what}: ${name}`);
  }
}
