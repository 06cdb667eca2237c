/** One HTTP request and its whole answer, on undici's lowest interface: half the CPU of `node:https`. */
import type { Dispatcher } from 'undici';

export interface HttpRequest {
  /** Scheme, host and port; for proxies, which know more than one. */
  readonly origin: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Name, value, name, value… */
  readonly headers: string[];
  readonly body: string | null;
}

export interface HttpAnswer {
  readonly status: number;
  /** The header, as it came. */
  readonly retryAfter: string | undefined;
  /** By lower-case name. */
  readonly headers: HeaderRecord;
  readonly body: string;
}

/** @throws the signal's reason, or what undici says of the connection */
export async function exchange(dispatcher: Dispatcher, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const handler = new ExchangeHandler(resolve, reject);
  const onAbort = (): void => handler.abort(signal.reason);
  signal.addEventListener('abort', onAbort);
  try {
    signal.throwIfAborted();
    // Time is the business of the signal alone.
    dispatcher.dispatch({ ...request, headersTimeout: 0, bodyTimeout: 0 }, handler);
    return await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #aborted: { readonly reason: unknown } | undefined;
  #status = 0;
  #headers: HeaderRecord = {};

  constructor(resolve: (answer: HttpAnswer) => void, reject: (reason: unknown) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Also ends a request that still waits for a connection: it is dropped when it gets one. */
  abort(reason: unknown): void {
    this.#aborted = { reason };
    this.#reject(reason);
    this.#controller?.abort(asError(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted !== undefined) controller.abort(asError(this.#aborted.reason));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: HeaderRecord): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const bytes = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    const headers = this.#headers;
    const retryAfter = typeof headers['retry-after'] === 'string' ? headers['retry-after'] : undefined;
    this.#resolve({ status: this.#status, retryAfter, headers, body: bytes.toString('utf8') });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error);
  }
}

export type HeaderRecord = Record<string, string | string[] | undefined>;

export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
