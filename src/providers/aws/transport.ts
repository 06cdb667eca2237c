/** The way from the SDK to the network: undici's lowest interface, connections that are kept, the environment's proxy. */
import type { HeaderRecord, HttpRequest } from '../../kube/exchange.ts';
import type { ProviderSettings } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import { HttpConnections } from '../../provider/httpconnections.ts';

/** As much of the SDK's requests as AWS's JSON and query protocols use. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

interface HandlerOptions {
  /** The SDK's own kind of signal is never sent from here. */
  readonly abortSignal?: AbortSignal | object;
}

/** Shorter than what AWS keeps idle connections for. */
const keepAliveMs = 20_000;

/** A `requestHandler` for all of the SDK's clients of a store; it alone is closed, not they. */
export class Transport {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #userAgent: string;
  readonly #connections: HttpConnections;

  constructor({ userAgent, environment }: ProviderSettings) {
    this.#userAgent = userAgent;
    this.#connections = new HttpConnections({ environment, keepAliveMs });
  }

  /** @throws ProviderError `unavailable` when there is no whole answer; the signal's reason */
  async handle(request: SdkRequest, { abortSignal }: HandlerOptions = {}): Promise<{ response: SdkResponse }> {
    const { protocol, hostname, port, method, path, headers, body } = request;
    const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
    const sent = {
      method: methodOf(method),
      headers: Object.entries({ ...headers, 'user-agent': this.#userAgent }).flat(),
      body: textOf(body),
    };
    const answer = await this.#connections.exchange(url, sent, signalOf(abortSignal));
    const response = { statusCode: answer.status, headers: firstOf(answer.headers), body: Buffer.from(answer.body) };
    return { response };
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  /** The SDK's, for settings that there are none of here. */
  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }
}

function methodOf(method: string): HttpRequest['method'] {
  if (method === 'POST' || method === 'GET') return method;
  throw new ProviderError('invalid', `requests by ${method} are not made here`);
}

function textOf(body: unknown): string | null {
  if (typeof body === 'string') return body;
  // Not `Buffer.from(body)`: the SDK's own kind of bytes would make a string of itself, and complain.
  return body instanceof Uint8Array
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
    : null;
}

function signalOf(signal: AbortSignal | object | undefined): AbortSignal {
  return signal instanceof AbortSignal ? signal : new AbortController().signal;
}

function firstOf(headers: HeaderRecord): Record<string, string> {
  const first: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(headers))
    first[name] = typeof value === 'string' ? value : (value[0] ?? '');
  return first;
}
