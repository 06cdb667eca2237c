/** The one way on which requests leave, both those of Google's libraries and our own. */
import type { Dispatcher } from 'undici';
import { type HttpAnswer as Exchanged, exchange } from '../../kube/exchange.ts';
import { proxyFor } from '../../kube/proxy.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ProviderSettings } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import { refusalOf } from './apierror.ts';
import { openDispatcher } from './dispatcher.ts';
import type { Endpoints } from './endpoints.ts';
import type { HttpAnswer, HttpRequest } from './httpmessages.ts';

export interface TransportOptions {
  readonly endpoints: Endpoints;
  readonly settings: ProviderSettings;
  readonly clock: Clock;
}

export class Transport {
  readonly #endpoints: Endpoints;
  readonly #settings: ProviderSettings;
  readonly #clock: Clock;
  /** By origin: Secret Manager and the token endpoints have connections of their own. */
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>();

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
    const answer = answerOf(await this.#exchange(url, request));
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusalOf(answer, this.#clock.now());
  }

  async close(): Promise<void> {
    const dispatchers = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    await Promise.all(dispatchers.map(async (opening) => (await opening).destroy()));
  }

  async #exchange(url: URL, { method = 'GET', headers, body, signal }: HttpRequest): Promise<Exchanged> {
    const sent = Object.entries({ 'user-agent': this.#settings.userAgent, ...headers }).flat();
    const request = { origin: url.origin, method, path: url.pathname + url.search, headers: sent, body: body ?? null };
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

function answerOf({ status, headers, body }: Exchanged): HttpAnswer {
  const first = Object.entries(headers).map(([name, value]) => [name, [value].flat()[0]] as const);
  return { status, headers: Object.fromEntries(first), body };
}

/** Such as `ENOTFOUND`, where there is a code. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.message : 'unknown reason';
}
