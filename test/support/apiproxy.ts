/** Stands between an operator and the API server of any world: sees every request for a resource and may break it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Fault, Intercept, SeenRequest } from '../../src/devserver/faults.ts';
import { resourcePath } from '../../src/devserver/wire/route.ts';
import { loadConnection } from '../../src/kube/config.ts';
import type { ClusterConnection } from '../../src/kube/connection.ts';
import { realClock } from '../../src/runtime/clock.ts';
import type { World } from './world.ts';

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
const reasons: Readonly<Record<number, string>> = { 403: 'Forbidden', 409: 'Conflict', 429: 'TooManyRequests' };

export class ApiProxy {
  /** For the operator. */
  readonly kubeconfigPath: string;
  readonly #folder: string;
  readonly #upstream: URL;
  readonly #agent: Agent;
  readonly #server: Server;
  readonly #watches = new Map<ServerResponse, IncomingMessage>();
  #requests: SeenRequest[] = [];
  #hook: Intercept = () => undefined;

  private constructor(folder: string, upstream: URL, agent: Agent) {
    this.kubeconfigPath = join(folder, 'kubeconfig');
    this.#folder = folder;
    this.#upstream = upstream;
    this.#agent = agent;
    this.#server = createServer((incoming, outgoing) => this.#serve(incoming, outgoing));
    this.#server.keepAliveTimeout = 90_000;
  }

  static async start(world: Pick<World, 'kubeconfigPath'>): Promise<ApiProxy> {
    const connection = await loadConnection({ environment: { KUBECONFIG: world.kubeconfigPath }, clock: realClock });
    const folder = await mkdtemp(join(tmpdir(), 'external-secrets-apiproxy-'));
    const proxy = new ApiProxy(folder, connection.server, await agentOf(connection));
    await proxy.#listen((await connection.authorization()) ?? '');
    return proxy;
  }

  /** Since the start or the last `forget`, in the order of their arrival. */
  get requests(): readonly SeenRequest[] {
    return this.#requests;
  }

  /** Those that write, as `create secrets`, or `patch externalsecrets/status`. */
  get writes(): readonly string[] {
    return this.#requests
      .filter(({ verb }) => Object.values(verbs).includes(verb))
      .map(
        ({ verb, resource, subresource }) => `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`,
      );
  }

  forget(): void {
    this.#requests = [];
  }

  /** Sees every request for a resource and may have it fail; undefined ends that. */
  intercept(hook: Intercept | undefined): void {
    this.#hook = hook ?? (() => undefined);
  }

  /** Ends all watches, in order or in the middle of an event. */
  dropWatches({ midLine = false } = {}): void {
    for (const [outgoing, source] of this.#watches) {
      source.unpipe(outgoing);
      source.destroy();
      if (midLine) outgoing.write('{"type":"MODIFIED","object":{"metadata":', () => outgoing.socket?.destroy());
      else outgoing.end();
    }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#agent.destroy();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #listen(authorization: string): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    // A server that listens on TCP has an address of this form.
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    await writeFile(this.kubeconfigPath, kubeconfig(url, authorization.replace(/^Bearer /, '')));
  }

  #serve(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const seen = seenRequest(incoming);
    if (seen !== undefined) this.#requests.push(seen);
    const fault = seen && this.#hook(seen);
    if (fault === undefined) this.#forward(incoming, outgoing, (answer) => this.#relay(seen, answer, outgoing));
    else if (fault.type === 'refuse') refuse(fault, incoming, outgoing);
    else if (fault.type === 'disconnect') incoming.socket.destroy();
    else this.#forward(incoming, outgoing, (answer) => answer.resume().on('end', () => outgoing.destroy()));
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse, onAnswer: (answer: IncomingMessage) => void): void {
    const { method, url = '/', headers } = incoming;
    const options = { method, headers: { ...headers, host: this.#upstream.host }, agent: this.#agent };
    const forwarded = httpsRequest(new URL(url, this.#upstream), options, onAnswer);
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  }

  #relay(seen: SeenRequest | undefined, answer: IncomingMessage, outgoing: ServerResponse): void {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    outgoing.flushHeaders();
    if (seen?.verb === 'watch') {
      this.#watches.set(outgoing, answer);
      outgoing.on('close', () => this.#watches.delete(outgoing));
    }
    answer.on('error', () => outgoing.destroy());
    answer.on('aborted', () => outgoing.destroy());
    answer.pipe(outgoing);
  }
}

async function agentOf(connection: ClusterConnection): Promise<Agent> {
  const { ca, cert, key, skipVerify } = await connection.tls();
  const identity = { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
  return new Agent({ keepAlive: true, ...identity, ...(ca !== undefined && { ca }), rejectUnauthorized: !skipVerify });
}

function kubeconfig(server: string, token: string): string {
  return stringify({
    'current-context': 'proxy',
    clusters: [{ name: 'proxy', cluster: { server } }],
    contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: 'proxy', namespace: 'default' } }],
    users: [{ name: 'proxy', user: { token } }],
  });
}

/** Undefined: no request for a resource. */
function seenRequest({ method = '', url = '', headers }: IncomingMessage): SeenRequest | undefined {
  const { pathname, searchParams } = new URL(url, 'http://proxy');
  const path = resourcePath(pathname);
  if (path === undefined) return undefined;
  const { group, plural: resource, subresource, namespace, name } = path;
  const reading = name !== undefined ? 'get' : searchParams.get('watch') ? 'watch' : 'list';
  const verb = verbs[method] ?? reading;
  return { verb, group, resource, subresource, namespace, name, userAgent: headers['user-agent'] ?? '' };
}

function refuse(fault: Extract<Fault, { type: 'refuse' }>, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { code, reason = reasons[code] ?? 'InternalError', message = 'refused by the test', retryAfterSeconds } = fault;
  incoming.resume();
  const hint = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
  outgoing.writeHead(code, { 'content-type': 'application/json', ...hint }).end(JSON.stringify(status));
}
