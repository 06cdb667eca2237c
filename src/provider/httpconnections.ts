/** Connections to a backend's hosts that are kept: undici's lowest interface, the environment's proxy. */
import type { Dispatcher } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';
import { exchange, type HttpAnswer, type HttpRequest } from '../kube/exchange.ts';
import { type ProxyEnvironment, proxyFor } from '../kube/proxy.ts';
import { ProviderError } from './errors.ts';

export interface HttpConnectionsOptions {
  readonly environment: ProxyEnvironment;
  /** Shorter than what the backend keeps idle connections for, so that none is used while it is being closed. */
  readonly keepAliveMs: number;
}

/** An exchange whose place is said by a URL. */
export type UrlRequest = Omit<HttpRequest, 'origin' | 'path'>;

export class HttpConnections {
  readonly #options: HttpConnectionsOptions;
  /** By origin: each service has connections of its own. */
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>();

  constructor(options: HttpConnectionsOptions) {
    this.#options = options;
  }

  /**
   * One request and its whole answer, whatever its status. Opens a connection where none is free.
   * @throws ProviderError `unavailable` when there is no whole answer; the signal's reason
   */
  async exchange(url: URL, request: UrlRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const sent = { ...request, origin: url.origin, path: url.pathname + url.search };
    try {
      return await exchange(await this.#dispatcher(url), sent, signal);
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw new ProviderError('unavailable', `${url.host} could not be reached: ${reasonOf(cause)}`, { cause });
    }
  }

  async close(): Promise<void> {
    const dispatchers = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    await Promise.all(dispatchers.map(async (opening) => (await opening).destroy()));
  }

  #dispatcher(url: URL): Promise<Dispatcher> {
    const known = this.#dispatchers.get(url.origin);
    if (known !== undefined) return known;
    const { environment, keepAliveMs } = this.#options;
    const opening = openDispatcher(url.origin, proxyFor(url, environment), keepAliveMs);
    this.#dispatchers.set(url.origin, opening);
    return opening;
  }
}

async function openDispatcher(origin: string, proxyUrl: string | undefined, keepAliveMs: number): Promise<Dispatcher> {
  // HTTP/1.1 on purpose: HTTP/2 costs Node.js more CPU a request.
  const options = {
    allowH2: false,
    pipelining: 1,
    connections: 64,
    connectTimeout: 10_000,
    keepAliveTimeout: keepAliveMs,
  };
  if (proxyUrl === undefined) return new Pool(origin, options);
  // Needs all of undici, so it is loaded only when there is a proxy.
  const { ProxyAgent } = await import('../kube/proxyagent.ts');
  return new ProxyAgent({ ...options, uri: proxyUrl });
}

/** Such as `ENOTFOUND`, where there is a code. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.message : 'unknown reason';
}
