/**
 * Secret Manager's methods. Google's library speaks, over HTTP/JSON: measured against gRPC it takes a fifth less CPU
 * a read and 12 MB less memory, and only so the `Retry-After` of an answer can be seen.
 *
 * The library's `innerApiCalls` are used instead of its public methods: those log requests and answers, values included,
 * when `GOOGLE_SDK_NODE_LOGGING` is set, cannot be cancelled, and parse all protos anew for each error.
 */
import type { protos, SecretManagerServiceClient } from '@google-cloud/secret-manager';
import type { ApiCaller, ConnectContext } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import { GoogleApiError } from './apierror.ts';
import type { AccessTokens } from './credentials/accesstokens.ts';
import { isConflict, toProviderError } from './errors.ts';

export type Secret = protos.google.cloud.secretmanager.v1.ISecret;
export type SecretVersion = protos.google.cloud.secretmanager.v1.ISecretVersion;
export type AccessedVersion = protos.google.cloud.secretmanager.v1.IAccessSecretVersionResponse;
export type CreateSecret = protos.google.cloud.secretmanager.v1.ICreateSecretRequest;
export type UpdateSecret = protos.google.cloud.secretmanager.v1.IUpdateSecretRequest;
export type AddSecretVersion = protos.google.cloud.secretmanager.v1.IAddSecretVersionRequest;

export interface SecretManagerApiOptions {
  readonly library: SecretManagerServiceClient;
  readonly tokens: AccessTokens;
  readonly context: ConnectContext;
}

/** One page of a list: its items, and the request for the next one. */
type Page<T> = readonly [items: readonly T[], next: object | null];

/** Makes an outcome of what one attempt came to. */
type Judge<T> = (calling: Promise<unknown>) => Promise<T>;

const pageSize = 1_000;

export class SecretManagerApi {
  readonly #library: SecretManagerServiceClient;
  readonly #tokens: AccessTokens;
  readonly #call: ApiCaller;

  constructor({ library, tokens, context }: SecretManagerApiOptions) {
    this.#library = library;
    this.#tokens = tokens;
    this.#call = context.calls('GCP/SecretManager', toProviderError);
  }

  /** @param name of a version, `latest` or an alias */
  accessSecretVersion(name: string, signal: AbortSignal): Promise<AccessedVersion> {
    return this.#unary('accessSecretVersion', { name }, signal);
  }

  getSecret(name: string, signal: AbortSignal): Promise<Secret> {
    return this.#unary('getSecret', { name }, signal);
  }

  /** @returns false when there is such a secret by now */
  createSecret(request: CreateSecret, signal: AbortSignal): Promise<boolean> {
    return this.#contested('createSecret', request, signal);
  }

  /** @returns false when the secret does not have the request's etag any more */
  updateSecret(request: UpdateSecret, signal: AbortSignal): Promise<boolean> {
    return this.#contested('updateSecret', request, signal);
  }

  /** @returns false when the secret does not have this etag any more */
  deleteSecret(name: string, etag: string, signal: AbortSignal): Promise<boolean> {
    return this.#contested('deleteSecret', { name, etag }, signal);
  }

  addSecretVersion(request: AddSecretVersion, signal: AbortSignal): Promise<SecretVersion> {
    return this.#unary('addSecretVersion', request, signal);
  }

  /** All pages, one after the other. */
  async *listSecrets(parent: string, filter: string, signal: AbortSignal): AsyncGenerator<Secret, void, void> {
    let request: object | null = { parent, filter, pageSize };
    while (request !== null) {
      const [secrets, next]: Page<Secret> = await this.#authorized('listSecrets', request, signal);
      yield* secrets;
      request = next;
    }
  }

  /** Versions are listed newest first. */
  async newestEnabledVersion(parent: string, signal: AbortSignal): Promise<SecretVersion | undefined> {
    const request = { parent, filter: 'state:ENABLED', pageSize: 1 };
    const [versions]: Page<SecretVersion> = await this.#authorized('listSecretVersions', request, signal);
    return versions[0];
  }

  /** Proves the credentials without reading anything. */
  async authenticate(signal: AbortSignal): Promise<void> {
    await this.#tokens.get(signal);
  }

  async close(): Promise<void> {
    await this.#library.close();
  }

  async #unary<T>(method: string, request: object, signal: AbortSignal): Promise<T> {
    const [answer] = await this.#authorized<readonly [T]>(method, request, signal);
    return answer;
  }

  /** A lost contest is an outcome: trying the same again would not win it. */
  #contested(method: string, request: object, signal: AbortSignal): Promise<boolean> {
    return this.#authorized(method, request, signal, async (calling) => {
      try {
        await calling;
        return true;
      } catch (error) {
        if (isConflict(error)) return false;
        throw error;
      }
    });
  }

  /** Tokens may be revoked before their time: one that is refused is replaced, once. */
  async #authorized<T>(method: string, request: object, signal: AbortSignal, judge?: Judge<T>): Promise<T> {
    const token = await this.#tokens.get(signal);
    try {
      return await this.#invoke(method, request, token, signal, judge);
    } catch (error) {
      if (!isUnauthenticated(error)) throw error;
      this.#tokens.refused(token);
      return this.#invoke(method, request, await this.#tokens.get(signal), signal, judge);
    }
  }

  #invoke<T>(method: string, request: object, token: string, signal: AbortSignal, judge?: Judge<T>): Promise<T> {
    const headers = { authorization: `Bearer ${token}` };
    // Retries are the caller's, so that each attempt is metered.
    const options = { retry: null, autoPaginate: false, otherArgs: { headers } };
    const label = method.charAt(0).toUpperCase() + method.slice(1);
    const attempt = (limit: AbortSignal): Promise<T> => {
      const calling = cancellable<T>(() => this.#library.innerApiCalls[method]?.(request, options), limit);
      return judge === undefined ? calling : judge(calling);
    };
    return this.#call(label, attempt, signal);
  }
}

/** @param start answers a promise with a `cancel` method, as the library's calls do */
async function cancellable<T>(start: () => unknown, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  // The library types its calls as functions of anything.
  const running = start() as Promise<T> & { cancel(): void };
  const cancel = (): void => running.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await running;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof ProviderError && error.cause instanceof GoogleApiError && error.cause.status === 401;
}
