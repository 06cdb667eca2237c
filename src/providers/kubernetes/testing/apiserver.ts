/** As much of a Kubernetes API server as the provider sees: Secrets, access reviews, credentials. In memory. */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

export interface StoredSecret {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

export interface TlsSetup {
  readonly cert: string;
  readonly key: string;
  /** Client certificates of this authority are users, by their common name. */
  readonly clientCA: string;
}

export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
}

export class TestApiServer {
  /** Whose token is whose. Without any entry everybody may do everything. */
  readonly users = new Map<string, string>();
  /** What each user may do: `get secrets team-a`, `*`. */
  readonly rights = new Map<string, readonly string[]>();
  /** `METHOD /path by user`. */
  readonly requests: string[] = [];
  /** Answers in the server's place. */
  intercept: ((method: string, path: string) => Refusal | undefined) | undefined;
  /** False: access has to be asked for directly. */
  listsRules = true;
  readonly #secrets = new Map<string, StoredSecret>();
  readonly #server: Server;
  readonly #scheme: string;
  #resourceVersion = 0;

  private constructor(tls: TlsSetup | undefined) {
    const listener: RequestListener = (request, response) => void this.#serve(request, response);
    this.#scheme = tls === undefined ? 'http' : 'https';
    this.#server =
      tls === undefined
        ? createHttpServer(listener)
        : createHttpsServer(
            { cert: tls.cert, key: tls.key, ca: tls.clientCA, requestCert: true, rejectUnauthorized: false },
            listener,
          );
  }

  static async start(tls?: TlsSetup): Promise<TestApiServer> {
    const server = new TestApiServer(tls);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    // A TCP server's address is never a string.
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  put(secret: StoredSecret): StoredSecret {
    this.#resourceVersion += 1;
    const stored = { ...secret, metadata: { ...secret.metadata, resourceVersion: String(this.#resourceVersion) } };
    this.#secrets.set(`${secret.metadata.namespace}/${secret.metadata.name}`, stored);
    return stored;
  }

  /** @param key `namespace/name` */
  get(key: string): StoredSecret | undefined {
    return this.#secrets.get(key);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://server');
    const user = this.#userOf(request);
    this.requests.push(`${request.method} ${url.pathname} by ${user ?? 'nobody'}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body: unknown = chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
    const answer =
      this.intercept?.(request.method ?? '', url.pathname) ?? this.#answer(request.method ?? '', url, user, body);
    if ('reason' in answer)
      send(response, answer.status, { kind: 'Status', ...answer, status: 'Failure', code: answer.status });
    else send(response, answer.status, answer.body);
  }

  #userOf(request: IncomingMessage): string | undefined {
    if (this.users.size === 0 && this.rights.size === 0) return 'anybody';
    const token = request.headers.authorization?.replace(/^(?:Bearer|Basic) /, '');
    const socket = request.socket as Partial<TLSSocket>;
    const certificate = socket.authorized === true ? socket.getPeerCertificate?.().subject.CN : undefined;
    return (
      (token === undefined ? undefined : this.users.get(token)) ??
      (certificate === undefined ? undefined : String(certificate))
    );
  }

  #answer(
    method: string,
    url: URL,
    user: string | undefined,
    body: unknown,
  ): { status: number; body: unknown } | Refusal {
    if (user === undefined) return { status: 401, reason: 'Unauthorized', message: 'Unauthorized' };
    if (url.pathname.endsWith('/selfsubjectrulesreviews')) return this.#rulesReview(user, body as RulesReview);
    if (url.pathname.endsWith('/selfsubjectaccessreviews')) return this.#accessReview(user, body as AccessReview);
    const [, namespace, name] = /^\/api\/v1\/namespaces\/([^/]+)\/secrets(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (namespace === undefined)
      return { status: 404, reason: 'NotFound', message: 'the server could not find the requested resource' };
    const verb = verbs[method]?.[name === undefined ? 0 : 1] ?? 'unknown';
    if (!this.#may(user, verb, namespace)) {
      return {
        status: 403,
        reason: 'Forbidden',
        message: `secrets is forbidden: User "${user}" cannot ${verb} resource "secrets" in namespace "${namespace}"`,
      };
    }
    return this.#store(verb, namespace, decodeURIComponent(name ?? ''), url.searchParams, body as StoredSecret);
  }

  #may(user: string, verb: string, namespace: string): boolean {
    if (user === 'anybody') return true;
    const rights = this.rights.get(user) ?? [];
    return rights.includes('*') || rights.includes(`${verb} secrets ${namespace}`);
  }

  #rulesReview(user: string, { spec }: RulesReview): { status: number; body: unknown } {
    const may = this.listsRules && this.#may(user, 'get', spec.namespace);
    const resourceRules = may ? [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'] }] : [];
    return { status: 201, body: { status: { incomplete: !this.listsRules, resourceRules } } };
  }

  #accessReview(user: string, { spec }: AccessReview): { status: number; body: unknown } {
    const { verb, namespace } = spec.resourceAttributes;
    return { status: 201, body: { status: { allowed: this.#may(user, verb, namespace) } } };
  }

  #store(
    verb: string,
    namespace: string,
    name: string,
    query: URLSearchParams,
    body: StoredSecret,
  ): { status: number; body: unknown } | Refusal {
    const present = this.#secrets.get(`${namespace}/${name}`);
    if (verb === 'list') return { status: 200, body: this.#list(namespace, query) };
    if (verb === 'create') {
      const key = `${namespace}/${body.metadata.name}`;
      if (this.#secrets.has(key))
        return { status: 409, reason: 'AlreadyExists', message: `secrets "${body.metadata.name}" already exists` };
      return { status: 201, body: this.put(body) };
    }
    if (present === undefined) return { status: 404, reason: 'NotFound', message: `secrets "${name}" not found` };
    if (verb === 'get') return { status: 200, body: present };
    if (verb === 'delete') {
      this.#secrets.delete(`${namespace}/${name}`);
      return { status: 200, body: { kind: 'Status', status: 'Success' } };
    }
    const expected = body.metadata.resourceVersion;
    if (expected !== undefined && expected !== present.metadata.resourceVersion) {
      return { status: 409, reason: 'Conflict', message: `Operation cannot be fulfilled on secrets "${name}"` };
    }
    return { status: 200, body: this.put(body) };
  }

  /** Pages of two, so that every list has several. */
  #list(namespace: string, query: URLSearchParams): unknown {
    const wanted = (query.get('labelSelector') ?? '')
      .split(',')
      .filter((part) => part !== '')
      .map((part) => part.split('='));
    const all = [...this.#secrets.values()].filter(({ metadata }) => {
      return metadata.namespace === namespace && wanted.every(([key = '', value]) => metadata.labels?.[key] === value);
    });
    const from = Number(query.get('continue') ?? 0);
    const items = all.slice(from, from + 2);
    const next = from + 2 < all.length ? { continue: String(from + 2) } : {};
    return { kind: 'SecretList', metadata: { resourceVersion: String(this.#resourceVersion), ...next }, items };
  }
}

interface RulesReview {
  readonly spec: { readonly namespace: string };
}

interface AccessReview {
  readonly spec: { readonly resourceAttributes: { readonly verb: string; readonly namespace: string } };
}

/** On the collection, on one object. */
const verbs: Readonly<Record<string, readonly [string, string]>> = {
  GET: ['list', 'get'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  DELETE: ['deletecollection', 'delete'],
};

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
