/** A store on Parameter Store. */
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
import type { ParameterStoreApi } from './api.ts';
import { findParameters } from './find.ts';
import { ParameterReader } from './reader.ts';
import { ParameterStoreWriter } from './writer.ts';

export interface ParameterStoreOptions {
  readonly api: ParameterStoreApi;
  readonly spec: AwsSpec;
  readonly transport: Transport;
  readonly context: ConnectContext;
}

export class ParameterStore implements SecretsClient {
  readonly writer: ParameterStoreWriter;
  readonly #api: ParameterStoreApi;
  readonly #reader: ParameterReader;
  readonly #prefix: string | undefined;
  readonly #transport: Transport;

  constructor({ api, spec, transport, context }: ParameterStoreOptions) {
    this.#api = api;
    this.#reader = new ParameterReader(api, context.clock);
    this.#prefix = spec.prefix;
    this.#transport = transport;
    this.writer = new ParameterStoreWriter(api, spec.prefix);
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
    return findParameters(this.#api, this.#reader, query, signal);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  #whole(ref: RemoteRef): RemoteRef {
    return { ...ref, key: prefixed(this.#prefix, ref.key) };
  }
}
