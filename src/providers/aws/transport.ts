/** The way from the SDK to the network: undici's lowest interface, connections that are kept, the environment's proxy. */
import type { Dispatcher } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';
import { exchange, type HeaderRecord, type HttpRequest } from '../../kube/exchange.ts';
import { proxyFor } from '../../kube/proxy.ts';
import type { ProviderSettings } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';

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

const connectionOptions = {
  // Node.js needs less CPU for HTTP/1.1.
  allowH2: false,
  pipelining: 1,
  connections: 64,
  connectTimeout: 10_000,
  // Shorter than what AWS keeps idle connections for, so that none is used while it is being closed.
  keepAliveTimeout: 20_000,
} as const;

/** A `requestHandler` for all of the SDK's clients of a store; it alone is closed, not they. */
export class Transport {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #settings: ProviderSettings;
  /** By origin: each service has connections of its own. */
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>();

  constructor(settings: ProviderSettings) {
    this.#settings = settings;
  }

  /** @throws ProviderError `unavailable` when there is no whole answer; the signal's reason */
  async handle(request: SdkRequest, { abortSignal }: HandlerOptions = {}): Promise<{ response: SdkResponse }> {
    const { protocol, hostname, port, method, path, headers, body } = request;
    const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
    const sent: HttpRequest = {
      origin: url.origin,
      method: methodOf(method),
      path: url.pathname + url.search,
      headers: Object.entries({ ...headers, 'user-agent': this.#settings.userAgent }).flat(),
      body: textOf(body),
    };
    const answer = await this.#exchange(url, sent, signalOf(abortSignal));
    const response = { statusCode: answer.status, headers: firstOf(answer.headers), body: Buffer.from(answer.body) };
    return { response };
  }

  async close(): Promise<void> {
    const dispatchers = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    await Promise.all(dispatchers.map(async (opening) => (await opening).destroy()));
  }

  /** The SDK's, for settings that there are none of here. */
  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  async #exchange(url: URL, request: HttpRequest, signal: AbortSignal): ReturnType<typeof exchange> {
    try {
      return await exchange(await this.#dispatcher(url), request, signal);
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw new ProviderError('unavailable', `${url.host} could not be reached: ${reasonOf(cause)}`, { cause });
    }
  }

  #dispatcher(url: URL): Promise<Dispatcher> {
    const known = this.#dispatchers.get(url.origin);
    if (known !== undefined) return known;
    const opening = openDispatcher(url.origin, proxyFor(url, this.#settings.environment));
    this.#dispatchers.set(url.origin, opening);
    return opening;
  }
}

async function openDispatcher(origin: string, proxyUrl: string | undefined): Promise<Dispatcher> {
  if (proxyUrl === undefined) return new Pool(origin, connectionOptions);
  // Needs all of undici, so it is loaded only when there is a proxy.
  const { ProxyAgent } = await import('../../kube/proxyagent.ts');
  return new ProxyAgent({ ...connectionOptions, uri: proxyUrl });
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
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()[0] ?? '']));
}

/** Such as `ECONNREFUSED`, where there is a code. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.message : 'unknown reason';
}
