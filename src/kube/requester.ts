/** Sends requests: credentials, deadline, client-side rate, retries, and one count for every attempt. */
import type { KubeObject } from '../api/object.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { deadline } from '../lib/deadline.ts';
import type { TokenBucket } from '../lib/tokenbucket.ts';
import { describe, refusalOf, statusError } from './answer.ts';
import { ByteStream } from './bytestream.ts';
import type { RequestOptions, WatchEvent, WatchOptions } from './client.ts';
import type { ClusterConnection } from './connection.ts';
import { closeDispatchers, type Dispatchers } from './dispatchers.ts';
import { ApiError, ConnectionError } from './errors.ts';
import { exchange, type HttpAnswer, type HttpRequest } from './exchange.ts';
import { splitLines } from './lines.ts';
import type { ApiRequest } from './requests.ts';
import { retryDelayMs } from './retry.ts';
import { decodeWatchEvent, watchIdleTimeoutMs } from './watch.ts';

export interface RequesterOptions {
  readonly connection: ClusterConnection;
  readonly dispatchers: Dispatchers;
  readonly clock: Clock;
  /** Such as `external-secrets/0.1.0`; what stands before the slash is the default field manager. */
  readonly userAgent: string;
  /** Absent: as fast as the server answers. */
  readonly limiter?: TokenBucket | undefined;
  /** False: only credentials that were refused are renewed and tried once more. Default true. */
  readonly retries?: boolean;
  /** Default: see `watch.ts`. */
  readonly watchIdleTimeoutMs?: number | undefined;
  readonly onRequest?: ((observation: RequestObservation) => void) | undefined;
}

/** One attempt, for `rest_client_requests_total` and friends. A watch is observed when it opens. */
export interface RequestObservation {
  readonly verb: string;
  readonly method: string;
  /** With the group and subresource: `externalsecrets/status.external-secrets.io`. */
  readonly resource: string;
  /** The HTTP status, or `<error>` (client-go's label) when no answer came. */
  readonly code: string;
  readonly durationMs: number;
}

const defaultTimeoutMs = 30_000;
/** For callers that have nothing to abort with. */
const never = new AbortController().signal;

export class Requester {
  readonly #options: RequesterOptions;
  readonly #clock: Clock;
  /** What stands in front of every path. */
  readonly #root: string;
  readonly #headers: readonly string[];

  constructor(options: RequesterOptions) {
    const { server, headers = [] } = options.connection;
    this.#options = options;
    this.#clock = options.clock;
    this.#root = server.pathname.replace(/\/+$/, '');
    this.#headers = ['user-agent', options.userAgent, ...headers.flat()];
  }

  /**
   * The body of an answer with a status of 2xx.
   * @throws ApiError, ConnectionError, or the signal's reason
   */
  async send(request: ApiRequest, options: RequestOptions): Promise<string> {
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    const limit = deadline(this.#clock, timeoutMs, options.signal ?? never);
    try {
      return await this.#sendWithRetries(request, limit.signal);
    } catch (error) {
      if (limit.isOver) throw new ConnectionError(`cannot ${describe(request)}: no answer within ${timeoutMs} ms`);
      throw failureOf(request, error, limit.signal);
    } finally {
      limit.end();
    }
  }

  /** @throws ApiError, ConnectionError, or the signal's reason */
  async *watch<T extends KubeObject>(
    request: ApiRequest,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>, void, void> {
    const { signal } = options;
    const stream = await this.#openWatch(request, signal);
    options.onOpen?.();
    try {
      for await (const line of splitLines(stream)) {
        yield decodeWatchEvent<T>(line, (status) => statusError(request, status));
      }
    } catch (error) {
      // Nothing came for a while: no failure of anybody, the watch goes on from where it was.
      if (!isIdleTimeout(error)) throw failureOf(request, error, signal);
    } finally {
      stream.close();
    }
  }

  close(): Promise<void> {
    return closeDispatchers(this.#options.dispatchers);
  }

  async #sendWithRetries(request: ApiRequest, signal: AbortSignal): Promise<string> {
    let hasRenewedCredentials = false;
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#attempt(request, signal);
      } catch (error) {
        signal.throwIfAborted();
        const isUnauthorized = error instanceof ApiError && error.status === 401;
        if (isUnauthorized) this.#options.connection.credentialsRefused();
        const attempt = { number: failures, isRead: request.method === 'GET' };
        const delayMs = this.#options.retries === false ? undefined : retryDelayMs(error, attempt);
        if (isUnauthorized && !hasRenewedCredentials) hasRenewedCredentials = true;
        else if (delayMs === undefined) throw error;
        else await sleep(this.#clock, delayMs, signal);
      }
    }
  }

  async #attempt(request: ApiRequest, signal: AbortSignal): Promise<string> {
    const throttledMs = this.#options.limiter?.reserve() ?? 0;
    if (throttledMs > 0) await sleep(this.#clock, throttledMs, signal);
    const message = await this.#message(request);
    const startedAt = this.#clock.monotonic();
    let answer: HttpAnswer;
    try {
      answer = await exchange(this.#options.dispatchers.requests, message, signal);
    } catch (error) {
      this.#observe(request, '<error>', startedAt);
      throw failureOf(request, error, signal);
    }
    this.#observe(request, String(answer.status), startedAt);
    if (answer.status < 200 || answer.status > 299) throw refusalOf(request, answer);
    return answer.body;
  }

  async #openWatch(request: ApiRequest, signal: AbortSignal): Promise<ByteStream> {
    const startedAt = this.#clock.monotonic();
    const streamOptions = { signal, idleTimeoutMs: this.#options.watchIdleTimeoutMs ?? watchIdleTimeoutMs };
    const stream = ByteStream.open(this.#options.dispatchers.watches, await this.#message(request), streamOptions);
    try {
      const status = await stream.status;
      this.#observe(request, String(status), startedAt);
      if (status === 200) return stream;
      if (status === 401) this.#options.connection.credentialsRefused();
      throw refusalOf(request, { status, retryAfter: undefined, headers: {}, body: await textOf(stream) });
    } catch (error) {
      stream.close();
      if (!(error instanceof ApiError)) this.#observe(request, '<error>', startedAt);
      throw failureOf(request, error, signal);
    }
  }

  async #message(request: ApiRequest): Promise<HttpRequest> {
    const headers = ['accept', request.accept, ...this.#headers];
    if (request.contentType !== undefined) headers.push('content-type', request.contentType);
    const authorization = await this.#options.connection.authorization();
    if (authorization !== undefined) headers.push('authorization', authorization);
    const { origin } = this.#options.connection.server;
    return { origin, method: request.method, path: this.#root + request.path, headers, body: request.body ?? null };
  }

  #observe(request: ApiRequest, code: string, startedAt: number): void {
    const { verb, method, resource } = request;
    this.#options.onRequest?.({ verb, method, resource, code, durationMs: this.#clock.monotonic() - startedAt });
  }
}

/** Whatever ended a request, as one of the three things that its caller may see. */
function failureOf(request: ApiRequest, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof ApiError || error instanceof ConnectionError) return error;
  return new ConnectionError(`cannot ${describe(request)}: ${messageOf(error)}`, { cause: error });
}

function isIdleTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UND_ERR_BODY_TIMEOUT';
}

/** A connection tried on several addresses fails with an error whose message is empty. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection failed';
  if (error.message !== '') return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

async function textOf(stream: ByteStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
