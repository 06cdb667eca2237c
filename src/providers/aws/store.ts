/** A store on one of AWS's services: the prefix is put before every name, the rest is the service's. */
import type {
  FindQuery,
  RemoteRef,
  RemoteSecret,
  SecretMap,
  SecretsClient,
  SecretsWriter,
  ValidationResult,
} from '../../provider/provider.ts';
import type { Answers } from './batch.ts';
import { prefixed } from './name.ts';
import type { Transport } from './transport.ts';

/** Takes full names. */
export interface ServiceReader {
  readKey(ref: RemoteRef): string;
  read(ref: RemoteRef, signal: AbortSignal): Promise<RemoteSecret>;
  readMany(refs: readonly RemoteRef[], signal: AbortSignal): Promise<Answers>;
}

export interface AwsStoreOptions {
  readonly prefix: string | undefined;
  readonly transport: Transport;
  /** Has credentials ready. @throws ProviderError when there are none */
  readonly authenticate: (signal: AbortSignal) => Promise<void>;
  readonly reader: ServiceReader;
  readonly find: (query: FindQuery, signal: AbortSignal) => Promise<SecretMap>;
  readonly writer: SecretsWriter;
}

export class AwsStore implements SecretsClient {
  readonly writer: SecretsWriter;
  readonly #options: AwsStoreOptions;

  constructor(options: AwsStoreOptions) {
    this.writer = options.writer;
    this.#options = options;
  }

  async validate(signal: AbortSignal): Promise<ValidationResult> {
    await this.#options.authenticate(signal);
    return 'ready';
  }

  readKey(ref: RemoteRef): string {
    return this.#options.reader.readKey(this.#whole(ref));
  }

  read(ref: RemoteRef, signal: AbortSignal): Promise<RemoteSecret> {
    return this.#options.reader.read(this.#whole(ref), signal);
  }

  readMany(refs: readonly RemoteRef[], signal: AbortSignal): Promise<Answers> {
    const whole = refs.map((ref) => this.#whole(ref));
    return this.#options.reader.readMany(whole, signal);
  }

  find(query: FindQuery, signal: AbortSignal): Promise<SecretMap> {
    return this.#options.find(query, signal);
  }

  async close(): Promise<void> {
    await this.#options.transport.close();
  }

  #whole(ref: RemoteRef): RemoteRef {
    return { ...ref, key: prefixed(this.#options.prefix, ref.key) };
  }
}
