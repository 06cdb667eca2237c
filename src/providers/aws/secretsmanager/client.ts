/** A store on Secrets Manager. */
import type { ConnectContext } from '../../../provider/context.ts';
import type {
  FindQuery,
  RemoteRef,
  RemoteSecret,
  SecretMap,
  SecretsClient,
  ValidationResult,
} from '../../../provider/provider.ts';
import type { Answers } from '../batch.ts';
import { prefixed } from '../name.ts';
import type { AwsSpec } from '../schema.ts';
import type { Transport } from '../transport.ts';
import type { SecretsManagerApi } from './api.ts';
import { findSecrets } from './find.ts';
import { SecretReader } from './reader.ts';
import { SecretsManagerWriter } from './writer.ts';

export interface SecretsManagerStoreOptions {
  readonly api: SecretsManagerApi;
  readonly spec: AwsSpec;
  readonly transport: Transport;
  readonly context: ConnectContext;
}

export class SecretsManagerStore implements SecretsClient {
  readonly writer: SecretsManagerWriter;
  readonly #api: SecretsManagerApi;
  readonly #reader: SecretReader;
  readonly #prefix: string | undefined;
  readonly #transport: Transport;

  constructor({ api, spec, transport, context }: SecretsManagerStoreOptions) {
    this.#api = api;
    this.#reader = new SecretReader(api, context.clock);
    this.#prefix = spec.prefix;
    this.#transport = transport;
    this.writer = new SecretsManagerWriter({ api, spec, objects: context.objects });
  }

  async validate(signal: AbortSignal): Promise<ValidationResult> {
    await this.#api.authenticate(signal);
    return 'ready';
  }

  readKey(ref: RemoteRef): string {
    return this.#reader.readKey(this.#whole(ref));
  }

  read(ref: RemoteRef, signal: AbortSignal): Promise<RemoteSecret> {
    return this.#reader.read(this.#whole(ref), signal);
  }

  readMany(refs: readonly RemoteRef[], signal: AbortSignal): Promise<Answers> {
    return this.#reader.readMany(
      refs.map((ref) => this.#whole(ref)),
      signal,
    );
  }

  find(query: FindQuery, signal: AbortSignal): Promise<SecretMap> {
    return findSecrets(this.#api, this.#reader, query, signal);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  #whole(ref: RemoteRef): RemoteRef {
    return { ...ref, key: prefixed(this.#prefix, ref.key) };
  }
}
