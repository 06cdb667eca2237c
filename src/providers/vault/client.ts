/** Reads secrets of one Vault: from a KV engine, and from the engines that make credentials. */
import { ProviderError } from '../../provider/errors.ts';
import type {
  FindQuery,
  RemoteRef,
  RemoteSecret,
  SecretMap,
  SecretsClient,
  ValidationResult,
} from '../../provider/provider.ts';
import type { VaultApi } from './api.ts';
import { findSecrets } from './find.ts';
import { dataOf, type KvEngine } from './kvengine.ts';
import { normalPath } from './kvpath.ts';
import { metadataSecret } from './metadatasecret.ts';
import type { Mounts } from './mounts.ts';
import { VaultWriter } from './push.ts';
import { type Route, routeOf } from './route.ts';
import { SecretValue } from './secretvalue.ts';

export interface VaultClientOptions {
  readonly api: VaultApi;
  readonly kv: KvEngine;
  readonly mounts: Mounts;
  /** Proves that the store's credentials are good. */
  readonly prove: (signal: AbortSignal) => Promise<void>;
}

export class VaultClient implements SecretsClient {
  readonly writer: VaultWriter;
  readonly #api: VaultApi;
  readonly #kv: KvEngine;
  readonly #mounts: Mounts;
  readonly #prove: VaultClientOptions['prove'];

  constructor({ api, kv, mounts, prove }: VaultClientOptions) {
    this.#api = api;
    this.#kv = kv;
    this.#mounts = mounts;
    this.#prove = prove;
    this.writer = new VaultWriter(kv);
  }

  async validate(signal: AbortSignal): Promise<ValidationResult> {
    await this.#prove(signal);
    return 'ready';
  }

  /** @throws ProviderError `invalid` for a key that is no path */
  readKey({ key, version = '', metadataPolicy = 'None' }: RemoteRef): string {
    return JSON.stringify([normalPath(key), version, metadataPolicy]);
  }

  /** While it is not known what is mounted where, any path of version 1 may make credentials. */
  isShareable({ key }: RemoteRef): boolean {
    if (this.#mounts.refusal !== undefined && !this.#kv.isVersioned) return false;
    return this.#route(key).kind === 'kv';
  }

  async read(ref: RemoteRef, signal: AbortSignal): Promise<RemoteSecret> {
    const { key, metadataPolicy } = ref;
    if (metadataPolicy === 'Fetch')
      return metadataSecret(key, await this.#kv.readMetadata(this.#kv.locate(key), signal));
    const route = this.#route(key);
    if (route.kind === 'engine') return this.#readEngine(ref, route, signal);
    try {
      return await this.#readKv(ref, signal);
    } catch (error) {
      return this.#readElsewhere(ref, error, signal);
    }
  }

  find(query: FindQuery, signal: AbortSignal): Promise<SecretMap> {
    return findSecrets(this.#kv, query, signal);
  }

  async close(): Promise<void> {
    await this.#api.close();
  }

  #route(key: string): Route {
    return routeOf(this.#kv.place, this.#mounts, key);
  }

  async #readKv({ key, version }: RemoteRef, signal: AbortSignal): Promise<SecretValue> {
    return new SecretValue({ key, ...(await this.#kv.read(this.#kv.locate(key), version, signal)) });
  }

  /** Keys may look like a path of an engine and be a secret all the same: what an engine does not know is looked for there. */
  async #readEngine(
    ref: RemoteRef,
    { path, kv }: Extract<Route, { kind: 'engine' }>,
    signal: AbortSignal,
  ): Promise<SecretValue> {
    try {
      return await this.#lease(ref.key, path, signal);
    } catch (error) {
      if (kv === undefined || !isFinal(error)) throw error;
      try {
        return await this.#readKv(ref, signal);
      } catch (other) {
        // Only what neither knows does not exist.
        throw isFinal(other) ? alsoTried(error, other) : other;
      }
    }
  }

  /** Something may have been mounted there since the mounts were looked up; where that is refused, the error says so. */
  async #readElsewhere(ref: RemoteRef, error: unknown, signal: AbortSignal): Promise<SecretValue> {
    if (!isFinal(error)) throw error;
    if (await this.#mounts.refresh(signal)) {
      const route = this.#route(ref.key);
      if (route.kind === 'engine') return this.#readEngine(ref, route, signal);
    }
    const { refusal } = this.#mounts;
    if (refusal === undefined) throw error;
    const message = `${error.message}; whether ${ref.key} belongs to another engine is not known: ${refusal.message}`;
    throw new ProviderError(error.kind, message, { cause: error.cause });
  }

  async #lease(key: string, path: string, signal: AbortSignal): Promise<SecretValue> {
    const { answer, lease } = await this.#api.lease(path, signal);
    return new SecretValue({ key, data: dataOf(answer, path), lease });
  }
}

/** Vault has answered, and its answer is no. */
function isFinal(error: unknown): error is ProviderError {
  return error instanceof ProviderError && ['notFound', 'denied', 'invalid'].includes(error.kind);
}

function alsoTried(error: ProviderError, other: ProviderError): ProviderError {
  const kind = error.kind === 'notFound' ? other.kind : error.kind;
  return new ProviderError(kind, `${error.message}; ${other.message}`, { cause: error.cause });
}
