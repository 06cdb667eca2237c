/**
 * The one way on which requests leave. It takes the place of axios under node-vault, which hands through neither an
 * `AbortSignal` nor the headers of an answer, opens a connection for each request, makes numbers of everything that looks
 * like one, and follows no redirect of a standby.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { proxyFor } from '../../kube/proxy.ts';
import type { ProviderSettings } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';

export interface TlsMaterial {
  /** PEM; absent: the public authorities. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface TransportOptions {
  readonly server: URL;
  readonly tls: TlsMaterial;
  readonly settings: ProviderSettings;
}

/** Shorter than the two minutes or more that load balancers and Vault keep idle connections for. */
const idleConnectionMs = 60_000;
const maxConnections = 64;
/** A standby names the active node, which may have changed by then. */
const maxRedirects = 3;
/** Vault's own limit for what it takes. */
const maxAnswerBytes = 32 * 1_024 * 1_024;

export class Transport {
  readonly #agents: { readonly http: HttpAgent; readonly https: HttpAgent };
  readonly #userAgent: string;

  constructor({ server, tls, settings }: TransportOptions) {
    const options = { keepAlive: true, timeout: idleConnectionMs, maxSockets: maxConnections };
    const proxy = proxyFor(server, settings.environment);
    const proxyEnv = proxy === undefined ? {} : { proxyEnv: { HTTPS_PROXY: proxy } };
    this.#agents = { http: new HttpAgent(options), https: new HttpsAgent({ ...options, ...proxyEnv, ...given(tls) }) };
    this.#userAgent = settings.userAgent;
  }

  /**
   * One exchange, redirects included.
   * @throws ProviderError `unavailable` when there is no whole answer; the signal's reason
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    let { url } = request;
    for (let redirects = 0; ; redirects += 1) {
      const answer = await this.#exchange(new URL(url), request);
      const next = redirectOf(url, answer);
      if (next === undefined) return answer;
      if (redirects === maxRedirects) throw new ProviderError('unavailable', 'Vault redirects in circles');
      url = next;
    }
  }

  /** Requests under way must have ended. */
  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  async #exchange(url: URL, { method, headers, body, signal }: HttpRequest): Promise<HttpAnswer> {
    signal.throwIfAborted();
    const isPlain = url.protocol === 'http:';
    const open = isPlain ? httpRequest : httpsRequest;
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = {
      method,
      headers: { 'user-agent': this.#userAgent, ...headers, ...length },
      agent: isPlain ? this.#agents.http : this.#agents.https,
      signal,
    };
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    try {
      const outgoing = open(url, options, (incoming) => void answerOf(incoming).then(resolve, reject));
      outgoing.on('error', reject).end(body);
      return await promise;
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      if (cause instanceof ProviderError) throw cause;
      throw new ProviderError('unavailable', `${url.host} could not be reached: ${reasonOf(cause)}`, { cause });
    }
  }
}

/** Where else to ask; undefined: this is the answer. */
function redirectOf(from: string, { status, headers }: HttpAnswer): string | undefined {
  const { location } = headers;
  if (![301, 302, 307, 308].includes(status) || location === undefined) return undefined;
  if (!URL.canParse(location, from)) throw new ProviderError('unavailable', 'Vault redirects to what is no URL');
  const to = new URL(location, from);
  // The token goes along: it must not leave the encryption that it was sent under.
  const isSafe = to.protocol === 'https:' || (to.protocol === 'http:' && new URL(from).protocol === 'http:');
  if (!isSafe) throw new ProviderError('unavailable', `Vault redirects from https to ${to.protocol}//${to.host}`);
  return to.href;
}

function given(tls: TlsMaterial): TlsMaterial {
  return Object.fromEntries(Object.entries(tls).filter(([, pem]) => pem !== undefined));
}

/** By events: an async iterator costs as much CPU again as the rest of the exchange. */
function answerOf(incoming: IncomingMessage): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const chunks: Buffer[] = [];
  let size = 0;
  const { statusCode: status = 0, headers } = incoming;
  incoming.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > maxAnswerBytes) incoming.destroy(new ProviderError('unavailable', 'the answer of Vault is too large'));
  });
  incoming.on('end', () => resolve({ status, headers, body: Buffer.concat(chunks) }));
  incoming.on('error', reject);
  return promise;
}

/** Such as `ENOTFOUND`, where there is a code. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.message : 'unknown reason';
}
