/** The operations of Secrets Manager that are used here. */
import type {
  BatchGetSecretValueCommandOutput,
  CreateSecretCommandInput,
  DeleteSecretCommandInput,
  DescribeSecretCommandOutput,
  Filter,
  GetSecretValueCommandInput,
  GetSecretValueCommandOutput,
  PutResourcePolicyCommandInput,
  PutSecretValueCommandInput,
  SecretListEntry,
  SecretsManagerClient,
  UpdateSecretCommandInput,
} from '@aws-sdk/client-secrets-manager';
import type { ApiCaller } from '../../../provider/context.ts';
import { unlessThrottled } from '../batch.ts';
import type { CredentialSource } from '../credentials/credentials.ts';
import { type AwsEnvironment, lean, sdkConfig } from '../sdk.ts';
import { AwsService } from '../service.ts';
import { quietly } from '../serviceerror.ts';
import type { ApiTag } from '../tags.ts';

type Library = typeof import('@aws-sdk/client-secrets-manager');
type Options = { readonly abortSignal: AbortSignal };
type Run<T> = (client: SecretsManagerClient, options: Options) => Promise<T>;

export interface SecretsManagerApiOptions {
  readonly source: CredentialSource;
  readonly environment: AwsEnvironment;
  readonly call: ApiCaller;
}

/** The largest that AWS answers. */
const pageSize = 100;

export class SecretsManagerApi {
  readonly #library: Library;
  readonly #service: AwsService<SecretsManagerClient>;

  /** Opens no connection. */
  static async open({ source, environment, call }: SecretsManagerApiOptions): Promise<SecretsManagerApi> {
    const library = await import('@aws-sdk/client-secrets-manager');
    const endpoint = environment.endpoints.secretsManager;
    const service = new AwsService({
      source,
      call,
      open: (credentials) => lean(new library.SecretsManagerClient(sdkConfig(environment, { endpoint, credentials }))),
    });
    return new SecretsManagerApi(library, service);
  }

  constructor(library: Library, service: AwsService<SecretsManagerClient>) {
    this.#library = library;
    this.#service = service;
  }

  authenticate(signal: AbortSignal): Promise<void> {
    return this.#service.authenticate(signal);
  }

  getSecretValue(input: GetSecretValueCommandInput, signal: AbortSignal): Promise<GetSecretValueCommandOutput> {
    const command = new this.#library.GetSecretValueCommand(input);
    return this.#send('GetSecretValue', (client, options) => client.send(command, options), signal);
  }

  /** @returns undefined when there were too many batches */
  batchGetSecretValue(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<BatchGetSecretValueCommandOutput | undefined> {
    const command = new this.#library.BatchGetSecretValueCommand({ SecretIdList: [...ids] });
    return this.#send(
      'BatchGetSecretValue',
      (client, options) => unlessThrottled(client.send(command, options)),
      signal,
    );
  }

  describeSecret(id: string, signal: AbortSignal): Promise<DescribeSecretCommandOutput> {
    const command = new this.#library.DescribeSecretCommand({ SecretId: id });
    return this.#send('DescribeSecret', (client, options) => client.send(command, options), signal);
  }

  async *listSecrets(filters: Filter[], signal: AbortSignal): AsyncGenerator<SecretListEntry, void, void> {
    let token: string | undefined;
    do {
      const command = new this.#library.ListSecretsCommand({
        Filters: filters,
        MaxResults: pageSize,
        NextToken: token,
      });
      const page = await this.#send('ListSecrets', (client, options) => client.send(command, options), signal);
      yield* page.SecretList ?? [];
      token = page.NextToken;
    } while (token);
  }

  async createSecret(input: CreateSecretCommandInput, signal: AbortSignal): Promise<void> {
    const command = new this.#library.CreateSecretCommand(input);
    await this.#send('CreateSecret', (client, options) => quietly(client.send(command, options)), signal);
  }

  async putSecretValue(input: PutSecretValueCommandInput, signal: AbortSignal): Promise<void> {
    const command = new this.#library.PutSecretValueCommand(input);
    await this.#send('PutSecretValue', (client, options) => quietly(client.send(command, options)), signal);
  }

  async updateSecret(input: UpdateSecretCommandInput, signal: AbortSignal): Promise<void> {
    const command = new this.#library.UpdateSecretCommand(input);
    await this.#send('UpdateSecret', (client, options) => client.send(command, options), signal);
  }

  async deleteSecret(input: DeleteSecretCommandInput, signal: AbortSignal): Promise<void> {
    const command = new this.#library.DeleteSecretCommand(input);
    await this.#send('DeleteSecret', (client, options) => client.send(command, options), signal);
  }

  async restoreSecret(id: string, signal: AbortSignal): Promise<void> {
    const command = new this.#library.RestoreSecretCommand({ SecretId: id });
    await this.#send('RestoreSecret', (client, options) => client.send(command, options), signal);
  }

  async tagResource(id: string, tags: ApiTag[], signal: AbortSignal): Promise<void> {
    const command = new this.#library.TagResourceCommand({ SecretId: id, Tags: tags });
    await this.#send('TagResource', (client, options) => client.send(command, options), signal);
  }

  async untagResource(id: string, keys: readonly string[], signal: AbortSignal): Promise<void> {
    const command = new this.#library.UntagResourceCommand({ SecretId: id, TagKeys: [...keys] });
    await this.#send('UntagResource', (client, options) => client.send(command, options), signal);
  }

  async getResourcePolicy(id: string, signal: AbortSignal): Promise<string | undefined> {
    const command = new this.#library.GetResourcePolicyCommand({ SecretId: id });
    const answer = await this.#send('GetResourcePolicy', (client, options) => client.send(command, options), signal);
    return answer.ResourcePolicy;
  }

  async putResourcePolicy(input: PutResourcePolicyCommandInput, signal: AbortSignal): Promise<void> {
    const command = new this.#library.PutResourcePolicyCommand(input);
    await this.#send('PutResourcePolicy', (client, options) => quietly(client.send(command, options)), signal);
  }

  async addRegions(id: string, regions: readonly string[], signal: AbortSignal): Promise<void> {
    const replicas = regions.map((Region) => ({ Region }));
    const command = new this.#library.ReplicateSecretToRegionsCommand({ SecretId: id, AddReplicaRegions: replicas });
    await this.#send('ReplicateSecretToRegions', (client, options) => client.send(command, options), signal);
  }

  async removeRegions(id: string, regions: readonly string[], signal: AbortSignal): Promise<void> {
    const input = { SecretId: id, RemoveReplicaRegions: [...regions] };
    const command = new this.#library.RemoveRegionsFromReplicationCommand(input);
    await this.#send('RemoveRegionsFromReplication', (client, options) => client.send(command, options), signal);
  }

  #send<T>(operation: string, run: Run<T>, signal: AbortSignal): Promise<T> {
    return this.#service.send(operation, (client, abortSignal) => run(client, { abortSignal }), signal);
  }
}
