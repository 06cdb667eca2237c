/** The one way on which requests leave, both those of Google's libraries and our own. */
import type { HttpAnswer as Exchanged } from '../../kube/exchange.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ProviderSettings } from '../../provider/context.ts';
import { HttpConnections } from '../../provider/httpconnections.ts';
import { refusalOf } from './apierror.ts';
import type { Endpoints } from './endpoints.ts';
import type { HttpAnswer, HttpRequest } from './httpmessages.ts';

export interface TransportOptions {
  readonly endpoints: Endpoints;
  readonly settings: ProviderSettings;
  readonly clock: Clock;
}

/** Shorter than what Google's front ends keep idle connections for. */
const keepAliveMs = 45_000;

export class Transport {
  readonly #endpoints: Endpoints;
  readonly #userAgent: string;
  readonly #clock: Clock;
  readonly #connections: HttpConnections;

  constructor({ endpoints, settings, clock }: TransportOptions) {
    this.#endpoints = endpoints;
    this.#userAgent = settings.userAgent;
    this.#clock = clock;
    this.#connections = new HttpConnections({ environment: settings.environment, keepAliveMs });
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

  close(): Promise<void> {
    return this.#connections.close();
  }

  #exchange(url: URL, { method = 'GET', headers, body, signal }: HttpRequest): Promise<Exchanged> {
    const sent = Object.entries({ 'user-agent': this.#userAgent, ...headers }).flat();
    return this.#connections.exchange(url, { method, headers: sent, body: body ?? null }, signal);
  }
}

function answerOf({ status, headers, body }: Exchanged): HttpAnswer {
  const first = Object.entries(headers).map(([name, value]) => [name, [value].flat()[0]] as const);
  return { status, headers: Object.fromEntries(first), body };
}
