/**
 * Google Cloud on 127.0.0.1: Secret Manager over HTTP/JSON, the token endpoints (OAuth 2, STS, GKE's identity binding,
 * IAM credentials) and the metadata server, as Google's libraries see them on the wire. Requests are checked against the
 * service's own description; tokens and permissions count. It cannot be checked against the real service.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseRpc } from './gcp-description.ts';
import { type GcpAnswer, GcpError, jsonAnswer, OAuthError, refusal } from './gcp-error.ts';
import { Identities } from './gcp-identities.ts';
import { SecretsModel } from './gcp-secrets.ts';

export interface GcpCall {
  /** Such as `AccessSecretVersion`, `token`, `exchange`, `bind`, `impersonate`, `metadata`. */
  readonly name: string;
  readonly headers: IncomingMessage['headers'];
  readonly url: string;
}

export class GcpServer {
  readonly identities = new Identities();
  readonly secrets = new SecretsModel('123456789012');
  /** Below `computeMetadata/v1/`; without entries there is no metadata server. */
  readonly metadata = new Map<string, string>();
  readonly calls: GcpCall[] = [];
  /** Answers in the server's place, or waits. */
  intercept: ((call: GcpCall) => GcpAnswer | undefined | Promise<GcpAnswer | undefined>) | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  }

  static async start(): Promise<GcpServer> {
    const server = new GcpServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get host(): string {
    // A TCP server's address is never a string.
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The environment in which the provider finds this server in Google's place, or another one in front of it. */
  environment(host: string = this.host): Record<string, string> {
    const names = ['SECRETMANAGER', 'OAUTH2', 'STS', 'SECURETOKEN', 'IAMCREDENTIALS'];
    const endpoints = names.map((name) => [`GCP_${name}_ENDPOINT`, `http://${host}/{host}`]);
    return { ...Object.fromEntries(endpoints), GCE_METADATA_HOST: host };
  }

  /** Makes a service account that may do what is granted; default: everything. @returns its key file */
  createServiceAccount(email: string, ...granted: readonly string[]): string {
    this.identities.grants.set(`serviceAccount:${email}`, new Set(granted.length === 0 ? ['*'] : granted));
    return JSON.stringify(this.identities.createKey(email));
  }

  counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { name } of this.calls) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  }

  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const { status, headers, body: answer } = await this.#answer(request, body);
    const date = new Date(this.identities.now()).toUTCString();
    response.writeHead(status, { date, ...headers }).end(answer);
  }

  async #answer(request: IncomingMessage, body: string): Promise<GcpAnswer> {
    const { service, url } = targetOf(request);
    try {
      return await this.#dispatch(service, url, request, body);
    } catch (error) {
      return refusal(error);
    }
  }

  async #dispatch(host: string, url: URL, request: IncomingMessage, body: string): Promise<GcpAnswer> {
    const service = host.split('.')[0] ?? '';
    if (service === 'secretmanager') return this.#secretManager(host, url, request, body);
    const [name, run] = this.#other(service, url, request, body);
    return (await this.#observe(name, request)) ?? run();
  }

  async #secretManager(host: string, url: URL, request: IncomingMessage, body: string): Promise<GcpAnswer> {
    const call = parseRpc(request.method ?? '', url, body);
    const intercepted = await this.#observe(call.rpc, request);
    if (intercepted !== undefined) return intercepted;
    const principal = this.identities.authenticate(request.headers.authorization);
    const [, location] = /^\/v1\/projects\/[^/]+\/locations\/([^/]+)/.exec(url.pathname) ?? [];
    const expected =
      location === undefined ? 'secretmanager.googleapis.com' : `secretmanager.${location}.rep.googleapis.com`;
    if (host !== expected) throw new GcpError('INVALID_ARGUMENT', `The request has to be sent to ${expected}.`);
    return jsonAnswer(
      this.secrets.handle(call, (permission, resource) => this.identities.authorize(principal, permission, resource)),
    );
  }

  #other(service: string, url: URL, request: IncomingMessage, body: string): [string, () => Promise<GcpAnswer>] {
    const path = `${request.method} ${url.pathname}`;
    if (url.pathname.startsWith('/computeMetadata/v1/')) return ['metadata', async () => this.#metadata(url, request)];
    if (service === 'oauth2' && path === 'POST /token') return ['token', () => this.#token(form(body))];
    if (service === 'sts' && path === 'POST /v1/token') return ['exchange', () => this.#exchange(form(body))];
    if (service === 'securetoken' && path === 'POST /v1/identitybindingtoken')
      return ['bind', () => this.#exchange(JSON.parse(body) as Record<string, string>)];
    const [, email] = /^POST \/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(path) ?? [];
    if (service !== 'iamcredentials' || email === undefined) throw new GcpError('NOT_FOUND', `${path} is not served`);
    return ['impersonate', async () => this.#impersonate(decodeURIComponent(email), request, body)];
  }

  async #observe(name: string, { headers, url = '' }: IncomingMessage): Promise<GcpAnswer | undefined> {
    const call = { name, headers, url };
    this.calls.push(call);
    return this.intercept?.(call);
  }

  async #token(request: Readonly<Record<string, string>>): Promise<GcpAnswer> {
    if (request['grant_type'] === 'refresh_token') {
      if (request['refresh_token'] !== 'good-refresh-token') throw new OAuthError('invalid_grant', 'Bad Request');
      return granted(this.identities.issue('user:tester@example.com'));
    }
    if (request['grant_type'] !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      throw new OAuthError('unsupported_grant_type', 'Invalid grant_type');
    return granted(await this.identities.grantByAssertion(request['assertion'] ?? ''));
  }

  async #exchange(request: Readonly<Record<string, string>>): Promise<GcpAnswer> {
    return granted(await this.identities.exchange(request));
  }

  #impersonate(email: string, { headers }: IncomingMessage, body: string): GcpAnswer {
    const principal = this.identities.authenticate(headers.authorization);
    const { scope } = JSON.parse(body) as { scope?: readonly string[] };
    if (scope === undefined || scope.length === 0)
      throw new GcpError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
    return jsonAnswer(this.identities.generateAccessToken(email, principal));
  }

  #metadata(url: URL, { headers }: IncomingMessage): GcpAnswer {
    if (headers['metadata-flavor'] !== 'Google') return { status: 403, body: 'Missing Metadata-Flavor:Google header.' };
    const path = url.pathname.replace('/computeMetadata/v1/', '');
    const value = this.metadata.get(path);
    if (value === undefined) return { status: 404, body: 'not found' };
    const isToken = path === 'instance/service-accounts/default/token';
    const answer = isToken ? granted(this.identities.issue(value)) : { status: 200, body: value };
    return { ...answer, headers: { ...answer.headers, 'metadata-flavor': 'Google' } };
  }
}

/** The host that was meant stands before the path, but for the metadata server, which is no host of Google's. */
function targetOf({ url = '/' }: IncomingMessage): { service: string; url: URL } {
  if (url.startsWith('/computeMetadata/')) return { service: 'metadata', url: new URL(url, 'http://metadata') };
  const [, host = '', path = '/'] = /^\/([^/]+)(\/.*)$/.exec(url) ?? [];
  return { service: host.replace(/:443$/, ''), url: new URL(path, 'http://google') };
}

function granted(token: string): GcpAnswer {
  return jsonAnswer({ access_token: token, expires_in: 3_599, token_type: 'Bearer' });
}

function form(body: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body));
}
