/** The one way on which requests leave, both those of Google's libraries and our own. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { proxyFor } from '../../kube/proxy.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ProviderSettings } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import { refusalOf } from './apierror.ts';
import type { Endpoints } from './endpoints.ts';
import type { HttpAnswer, HttpRequest } from './httpmessages.ts';

export interface TransportOptions {
  readonly endpoints: Endpoints;
  readonly settings: ProviderSettings;
  readonly clock: Clock;
}

/** Shorter than what Google's front ends keep idle connections for, so that none is used while it is being closed. */
const idleConnectionMs = 60_000;
const maxConnections = 64;

export class Transport {
  readonly #endpoints: Endpoints;
  readonly #settings: ProviderSettings;
  readonly #clock: Clock;
  /** One for each proxy; the empty key means none. */
  readonly #agents = new Map<string, HttpAgent>();

  constructor({ endpoints, settings, clock }: TransportOptions) {
    this.#endpoints = endpoints;
    this.#settings = settings;
    this.#clock = clock;
  }

  /**
   * Makes one attempt and reads the whole answer.
   * @throws GoogleApiError for every status but 2xx; ProviderError `unavailable` when there is no whole answer; the
   * signal's reason
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const url = this.#endpoints.route(new URL(request.url));
    const answer = await this.#exchange(url, request);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusalOf(answer, this.#clock.now());
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  async #exchange(url: URL, { method = 'GET', headers = {}, body, signal }: HttpRequest): Promise<HttpAnswer> {
    signal.throwIfAborted();
    const open = url.protocol === 'http:' ? httpRequest : httpsRequest;
    const options = {
      method,
      headers: { 'user-agent': this.#settings.userAgent, ...headers },
      agent: this.#agent(url),
      signal,
    };
    try {
      return await new Promise<HttpAnswer>((resolve, reject) => {
        const outgoing = open(url, options, (incoming) => void answerOf(incoming).then(resolve, reject));
        outgoing.on('error', reject).end(body);
      });
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw new ProviderError('unavailable', `${url.host} could not be reached: ${reasonOf(cause)}`, { cause });
    }
  }

  #agent(url: URL): HttpAgent {
    const proxy = proxyFor(url, this.#settings.environment);
    const key = `${url.protocol} ${proxy ?? ''}`;
    const agent = this.#agents.get(key) ?? openAgent(url.protocol, proxy);
    this.#agents.set(key, agent);
    return agent;
  }
}

function openAgent(protocol: string, proxy: string | undefined): HttpAgent {
  const options = { keepAlive: true, timeout: idleConnectionMs, maxSockets: maxConnections };
  if (protocol === 'http:') return new HttpAgent(options);
  return new HttpsAgent(proxy === undefined ? options : { ...options, proxyEnv: { HTTPS_PROXY: proxy } });
}

/** By events: an async iterator costs as much CPU again as the rest of the exchange. */
function answerOf(incoming: IncomingMessage): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const chunks: Buffer[] = [];
  const { statusCode: status = 0, headers } = incoming;
  incoming.on('data', (chunk: Buffer) => void chunks.push(chunk));
  incoming.on('end', () => resolve({ status, headers, body: Buffer.concat(chunks) }));
  incoming.on('error', reject);
  return promise;
}

/** Such as `ENOTFOUND`, where there is a code. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.message : 'unknown reason';
}
