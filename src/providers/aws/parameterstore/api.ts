/** The operations of Parameter Store that are used here. */
import type {
  GetParametersCommandOutput,
  Parameter,
  ParameterMetadata,
  ParameterStringFilter,
  PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { ApiCaller } from '../../../provider/context.ts';
import { unlessThrottled } from '../batch.ts';
import type { CredentialSource } from '../credentials/credentials.ts';
import { type AwsEnvironment, lean, sdkConfig } from '../sdk.ts';
import { AwsService } from '../service.ts';
import { quietly } from '../serviceerror.ts';
import { type ApiTag, type Tags, tagsOf } from '../tags.ts';

type Library = typeof import('@aws-sdk/client-ssm');
type Options = { readonly abortSignal: AbortSignal };
type Run<T> = (client: SSMClient, options: Options) => Promise<T>;

export interface ParameterStoreApiOptions {
  readonly source: CredentialSource;
  readonly environment: AwsEnvironment;
  readonly call: ApiCaller;
}

/** The largest that AWS answers. */
const pathPageSize = 10;
const describePageSize = 50;

export class ParameterStoreApi {
  readonly #library: Library;
  readonly #service: AwsService<SSMClient>;

  /** Opens no connection. */
  static async open({ source, environment, call }: ParameterStoreApiOptions): Promise<ParameterStoreApi> {
    const library = await import('@aws-sdk/client-ssm');
    const endpoint = environment.endpoints.ssm;
    const service = new AwsService({
      source,
      call,
      open: (credentials) => lean(new library.SSMClient(sdkConfig(environment, { endpoint, credentials }))),
    });
    return new ParameterStoreApi(library, service);
  }

  constructor(library: Library, service: AwsService<SSMClient>) {
    this.#library = library;
    this.#service = service;
  }

  authenticate(signal: AbortSignal): Promise<void> {
    return this.#service.authenticate(signal);
  }

  /** @param selector a name or ARN, with `:version` or `:label` behind it if wanted */
  async getParameter(selector: string, signal: AbortSignal): Promise<Parameter | undefined> {
    const command = new this.#library.GetParameterCommand({ Name: selector, WithDecryption: true });
    const answer = await this.#send('GetParameter', (client, options) => client.send(command, options), signal);
    return answer.Parameter;
  }

  /** @returns undefined when there were too many batches */
  getParameters(selectors: readonly string[], signal: AbortSignal): Promise<GetParametersCommandOutput | undefined> {
    const command = new this.#library.GetParametersCommand({ Names: [...selectors], WithDecryption: true });
    return this.#send('GetParameters', (client, options) => unlessThrottled(client.send(command, options)), signal);
  }

  /** Everything below the path, however deep. */
  async *getParametersByPath(path: string, signal: AbortSignal): AsyncGenerator<Parameter, void, void> {
    let token: string | undefined;
    do {
      const input = { Path: path, Recursive: true, WithDecryption: true, MaxResults: pathPageSize, NextToken: token };
      const command = new this.#library.GetParametersByPathCommand(input);
      const page = await this.#send('GetParametersByPath', (client, options) => client.send(command, options), signal);
      yield* page.Parameters ?? [];
      token = page.NextToken;
    } while (token);
  }

  async *describeParameters(
    filters: ParameterStringFilter[],
    signal: AbortSignal,
  ): AsyncGenerator<ParameterMetadata, void, void> {
    let token: string | undefined;
    do {
      const input = { ParameterFilters: filters, MaxResults: describePageSize, NextToken: token };
      const command = new this.#library.DescribeParametersCommand(input);
      const page = await this.#send('DescribeParameter', (client, options) => client.send(command, options), signal);
      yield* page.Parameters ?? [];
      token = page.NextToken;
    } while (token);
  }

  async tags(name: string, signal: AbortSignal): Promise<Tags> {
    const command = new this.#library.ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: name });
    const answer = await this.#send('ListTagsForResource', (client, options) => client.send(command, options), signal);
    return tagsOf(answer.TagList);
  }

  async putParameter(input: PutParameterCommandInput, signal: AbortSignal): Promise<void> {
    const command = new this.#library.PutParameterCommand(input);
    await this.#send('PutParameter', (client, options) => quietly(client.send(command, options)), signal);
  }

  async deleteParameter(name: string, signal: AbortSignal): Promise<void> {
    const command = new this.#library.DeleteParameterCommand({ Name: name });
    await this.#send('DeleteParameter', (client, options) => client.send(command, options), signal);
  }

  async addTags(name: string, tags: ApiTag[], signal: AbortSignal): Promise<void> {
    const resource = { ResourceType: 'Parameter' as const, ResourceId: name };
    const given = tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
    const command = new this.#library.AddTagsToResourceCommand({ ...resource, Tags: given });
    await this.#send('AddTagsToResource', (client, options) => client.send(command, options), signal);
  }

  async removeTags(name: string, keys: readonly string[], signal: AbortSignal): Promise<void> {
    const resource = { ResourceType: 'Parameter' as const, ResourceId: name };
    const command = new this.#library.RemoveTagsFromResourceCommand({ ...resource, TagKeys: [...keys] });
    await this.#send('RemoveTagsFromResource', (client, options) => client.send(command, options), signal);
  }

  #send<T>(operation: string, run: Run<T>, signal: AbortSignal): Promise<T> {
    return this.#service.send(operation, (client, abortSignal) => run(client, { abortSignal }), signal);
  }
}
