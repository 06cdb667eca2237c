/**
 * A Vault on 127.0.0.1 in this process, after its API description: KV, databases, auth methods, tokens with their leases,
 * policies, namespaces by header and path, and what a cluster of it can answer. The suites that use it run against the
 * real server as well, but for what only Vault Enterprise and clouds have.
 */
import { X509Certificate } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { VaultNamespace } from './vault-namespace.ts';
import { Tokens } from './vault-tokens.ts';
import { type VaultAnswer, type VaultCall, VaultFault } from './vault-wire.ts';

export interface FakeVaultOptions {
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Besides the root; `team/app` lies within `team`. */
  readonly namespaces?: readonly string[];
}

/** Answers in the place of Vault; undefined lets the call through. */
export type Interceptor = (call: VaultCall) => VaultAnswer | undefined;

export const rootToken = 'root';

export class FakeVault {
  /** Every call that came, in order. */
  readonly calls: VaultCall[] = [];
  readonly tokens = new Tokens(rootToken);
  readonly rootToken = rootToken;
  intercept: Interceptor = () => undefined;
  /** As a sealed one, until it is false again. */
  isSealed = false;
  readonly #namespaces: ReadonlyMap<string, VaultNamespace>;
  readonly #server: Server;
  readonly #scheme: string;
  #port = 0;

  private constructor({ tls, namespaces = [] }: FakeVaultOptions) {
    const names = ['', ...namespaces];
    this.#namespaces = new Map(names.map((name) => [name, new VaultNamespace(name, this.tokens)]));
    const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
      // The caller hung up in the middle of its request.
      this.#serve(incoming, outgoing).catch(() => outgoing.destroy());
    };
    this.#scheme = tls === undefined ? 'http' : 'https';
    this.#server =
      tls === undefined
        ? createServer(listener)
        : createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: false }, listener);
  }

  static async start(options: FakeVaultOptions = {}): Promise<FakeVault> {
    const vault = new FakeVault(options);
    await new Promise<void>((resolve, reject) => {
      vault.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    // A TCP server's address is never a string.
    vault.#port = (vault.#server.address() as AddressInfo).port;
    return vault;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.#port}`;
  }

  /** Of the calls so far, as `operation path`. */
  get log(): readonly string[] {
    return this.calls.map(({ operation, path }) => `${operation} ${path}`);
  }

  namespace(name = ''): VaultNamespace {
    const namespace = this.#namespaces.get(name);
    if (namespace === undefined) throw new Error(`there is no namespace ${name}`);
    return namespace;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { status, body, headers } = await this.#answer(incoming);
    const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
    outgoing
      .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
      .end(text);
  }

  async #answer(incoming: IncomingMessage): Promise<VaultAnswer> {
    try {
      const call = this.#place(await callOf(incoming));
      this.calls.push(call);
      const intercepted = this.intercept(call);
      if (intercepted !== undefined) return intercepted;
      if (call.path === 'sys/health') return this.#health();
      if (this.isSealed) throw new VaultFault(503, 'Vault is sealed');
      return await this.namespace(call.namespace).handle(call, peerOf(incoming));
    } catch (error) {
      if (!(error instanceof VaultFault)) throw error;
      return { status: error.status, body: { errors: error.errors } };
    }
  }

  #health(): VaultAnswer {
    return { status: this.isSealed ? 503 : 200, body: { initialized: true, sealed: this.isSealed, standby: false } };
  }

  /** A namespace can stand in the header, before the path, or partly in both. */
  #place(call: VaultCall): VaultCall {
    const whole = call.namespace === '' ? call.path : `${call.namespace}/${call.path}`;
    const names = [...this.#namespaces.keys()].filter((name) => name !== '' && `${whole}/`.startsWith(`${name}/`));
    const namespace = names.sort((left, right) => right.length - left.length)[0] ?? '';
    // What the header names must be there.
    if (!`${namespace}/`.startsWith(`${call.namespace}/`) && call.namespace !== '')
      throw new VaultFault(404, `no handler for route "${call.namespace}/${call.path}". route entry not found.`);
    const path = namespace === '' ? whole : whole.slice(namespace.length + 1);
    return { ...call, namespace, path };
  }
}

async function callOf(incoming: IncomingMessage): Promise<VaultCall> {
  const chunks: Buffer[] = [];
  // The stream has no encoding set, so its chunks are buffers.
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { pathname, searchParams: query } = new URL(incoming.url ?? '/', 'http://vault');
  const { headers } = incoming;
  const namespace = String(headers['x-vault-namespace'] ?? '').replace(/^\/+|\/+$/g, '');
  const text = Buffer.concat(chunks).toString('utf8');
  const operation = operationOf(incoming.method ?? '', query);
  const path = decodeURIComponent(pathname.replace(/^\/v1\//, ''));
  return {
    operation,
    // Folders are listed, whether they are called so or not.
    path: operation === 'list' ? `${path.replace(/\/+$/, '')}/` : path,
    namespace,
    query,
    headers,
    token: String(headers['x-vault-token'] ?? ''),
    body: text === '' ? {} : JSON.parse(text),
    text,
  };
}

function operationOf(method: string, query: URLSearchParams): VaultCall['operation'] {
  if (method === 'GET') return ['1', 'true'].includes(query.get('list') ?? '') ? 'list' : 'read';
  if (method === 'DELETE') return 'delete';
  if (method === 'POST' || method === 'PUT') return 'write';
  throw new VaultFault(405, 'unsupported operation');
}

function peerOf({ socket }: IncomingMessage): X509Certificate | undefined {
  const raw = socket instanceof TLSSocket ? socket.getPeerCertificate().raw : undefined;
  return raw === undefined ? undefined : new X509Certificate(raw);
}
