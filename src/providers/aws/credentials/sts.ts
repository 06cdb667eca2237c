/** STS, which gives out sessions of roles. */
import type { Credentials, STSClient } from '@aws-sdk/client-sts';
import type { ApiCaller } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import { type AwsEnvironment, lean, sdkConfig } from '../sdk.ts';
import { AwsService } from '../service.ts';
import type { AssumedRole } from './assumerole.ts';
import type { AwsCredentials, CredentialSource } from './credentials.ts';

/** What CloudTrail shows; the same as ESO's, so that conditions on it go on to hold. */
export const sessionName = 'external-secrets-provider-aws';

export interface WebIdentity {
  readonly roleArn: string;
  readonly token: string;
  readonly sessionName: string;
}

type Library = typeof import('@aws-sdk/client-sts');

export class SecurityTokenService {
  /** Where sessions come from: part of what they depend on. */
  readonly identity: readonly unknown[];
  readonly #environment: AwsEnvironment;
  readonly #call: ApiCaller;

  constructor(environment: AwsEnvironment, call: ApiCaller) {
    this.identity = [environment.region, environment.endpoints.sts ?? ''];
    this.#environment = environment;
    this.#call = call;
  }

  /** A caller who is `source`. */
  as(source: CredentialSource): AwsService<Promise<STSClient>> {
    return new AwsService({ source, call: this.#call, open: (credentials) => this.#open(credentials) });
  }

  async assumeRole(
    service: AwsService<Promise<STSClient>>,
    { roleArn, externalId, tags, transitiveTagKeys }: AssumedRole,
    signal: AbortSignal,
  ): Promise<AwsCredentials> {
    const { AssumeRoleCommand } = await load();
    const command = new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      ExternalId: externalId || undefined,
      Tags: tags?.size ? Array.from(tags, ([Key, Value]) => ({ Key, Value })) : undefined,
      TransitiveTagKeys: transitiveTagKeys?.length ? [...transitiveTagKeys] : undefined,
    });
    const send = async (client: Promise<STSClient>, abortSignal: AbortSignal) =>
      (await client).send(command, { abortSignal });
    const { Credentials: credentials } = await service.send('AssumeRole', send, signal);
    return credentialsOf(credentials);
  }

  /** Needs no credentials but the token. */
  async assumeRoleWithWebIdentity(
    { roleArn, token, sessionName: name }: WebIdentity,
    signal: AbortSignal,
  ): Promise<AwsCredentials> {
    const { AssumeRoleWithWebIdentityCommand } = await load();
    const command = new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn,
      RoleSessionName: name,
      WebIdentityToken: token,
    });
    const client = await this.#open(undefined);
    const { Credentials: credentials } = await this.#call(
      'AssumeRoleWithWebIdentity',
      (abortSignal) => client.send(command, { abortSignal }),
      signal,
    );
    return credentialsOf(credentials);
  }

  async #open(credentials: AwsCredentials | undefined): Promise<STSClient> {
    const { STSClient: Client } = await load();
    const endpoint = this.#environment.endpoints.sts;
    return lean(new Client(sdkConfig(this.#environment, { endpoint, credentials })));
  }
}

function load(): Promise<Library> {
  return import('@aws-sdk/client-sts');
}

function credentialsOf(answer: Credentials | undefined): AwsCredentials {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken, Expiration } = answer ?? {};
  if (!accessKeyId || !secretAccessKey) throw new ProviderError('unavailable', 'STS answered without credentials');
  return { accessKeyId, secretAccessKey, sessionToken: SessionToken, expiresAtMs: Expiration?.getTime() };
}
