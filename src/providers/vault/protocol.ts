/** Requests to one Vault and its answers or refusals; no tokens are got here, nothing is tried twice. */
import { type JsonObject, textsIn } from './answer.ts';
import { VaultApiError } from './errors.ts';
import type { JsonText, Library, VaultBody } from './library.ts';
import { ReplicationStates } from './replicationstate.ts';
import type { Transport } from './transport.ts';

export interface VaultRequest {
  readonly operation: 'read' | 'list' | 'write' | 'delete';
  /** Below `/v1/`, not encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonText | Readonly<Record<string, unknown>>;
  /** Absent: the root namespace. */
  readonly namespace?: string | undefined;
  readonly token?: string | undefined;
}

export interface VaultProtocolOptions {
  readonly library: Library;
  readonly transport: Transport;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly readYourWrites: boolean;
  readonly forwardInconsistent: boolean;
}

type Headers = Record<string, string | readonly string[]>;

export class VaultProtocol {
  readonly #library: Library;
  readonly #transport: Transport;
  readonly #headers: Headers;
  readonly #states: ReplicationStates | undefined;
  /** Also those that nobody waits for: tokens that are given back. */
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: VaultProtocolOptions) {
    this.#library = options.library;
    this.#transport = options.transport;
    this.#headers = {
      ...options.headers,
      // Vault refuses requests without it where it is set up against forged requests.
      'x-vault-request': 'true',
      ...(options.forwardInconsistent ? { 'x-vault-inconsistent': 'forward-active-node' } : {}),
    };
    this.#states = options.readYourWrites ? new ReplicationStates() : undefined;
  }

  /**
   * @returns the members of the answer's body; none when there is no content
   * @throws VaultApiError for a refusal, ProviderError `unavailable` without a whole answer, the signal's reason
   */
  async send(request: VaultRequest, signal: AbortSignal): Promise<JsonObject> {
    const exchange = this.#exchange(request, signal);
    this.#running.add(exchange);
    try {
      const { json, headers } = await exchange;
      const state = headers['x-vault-index'];
      if (typeof state === 'string') this.#states?.observe(state);
      return json;
    } catch (error) {
      throw refusalOf(request, error) ?? error;
    } finally {
      this.#running.delete(exchange);
    }
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#running);
    this.#transport.close();
  }

  async #exchange({ operation, body, ...request }: VaultRequest, signal: AbortSignal): Promise<VaultBody> {
    const path = encodePath(request.path) + queryOf(request.query);
    const options = { headers: this.#headersOf(request), signal };
    // The library answers whatever its transport gave it.
    if (operation === 'write') return (await this.#library.write(path, body ?? {}, options)) as VaultBody;
    return (await this.#library[operation](path, options)) as VaultBody;
  }

  #headersOf({ namespace, token }: Pick<VaultRequest, 'namespace' | 'token'>): Headers {
    const states = this.#states?.headers ?? [];
    return {
      ...this.#headers,
      ...(token === undefined ? {} : { 'x-vault-token': token }),
      ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
      ...(states.length === 0 ? {} : { 'x-vault-index': states }),
    };
  }
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function queryOf(query: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
}

/** The library's error holds the answer. */
interface LibraryError extends Error {
  readonly response: { readonly statusCode: number; readonly body: VaultBody };
}

function isLibraryError(error: unknown): error is LibraryError {
  return error instanceof Error && 'response' in error;
}

function refusalOf({ operation, path }: VaultRequest, error: unknown): VaultApiError | undefined {
  if (!isLibraryError(error)) return undefined;
  const { statusCode: status, body } = error.response;
  const reasons = textsIn(body.json, 'errors');
  const retryAfterMs = secondsMs(body.headers['retry-after']);
  return new VaultApiError({ status, reasons, operation: `${operation} ${path}`, retryAfterMs });
}

function secondsMs(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : undefined;
}
