/** One collection of an API server, over the real wire, with everything that can go wrong between it and an informer. */
import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../../api/object.ts';
import { sendJson, statusObject, type WireRequest, WireServer } from '../../kube/testing/wireserver.ts';

interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly object: KubeObject;
}

export interface Intervention {
  /** Answers instead of the collection; false: let it pass. */
  (request: WireRequest, response: ServerResponse): boolean;
}

export class CollectionServer {
  readonly wire: WireServer = new WireServer((request, response) => this.#serve(request, response));
  intervene: Intervention = () => false;
  readonly #objects = new Map<string, KubeObject>();
  readonly #watches = new Set<ServerResponse>();
  readonly #snapshots = new Map<string, { readonly items: readonly KubeObject[]; readonly version: number }>();
  #history: Change[] = [];
  #version = 100;
  /** Versions before this one are forgotten. */
  #oldest = 100;

  get watches(): number {
    return this.#watches.size;
  }

  get version(): number {
    return this.#version;
  }

  put(name: string, content: object = {}, uid = `uid-${name}`): void {
    this.#version += 1;
    const metadata = { namespace: 'ns', name, uid, resourceVersion: String(this.#version) };
    const type = this.#objects.has(name) ? 'MODIFIED' : 'ADDED';
    this.#change(type, name, { ...content, metadata });
  }

  remove(name: string): void {
    const object = this.#objects.get(name);
    if (object === undefined) return;
    this.#version += 1;
    this.#change('DELETED', name, {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.#version) },
    });
  }

  /** Forgets the history: watches from before, and pages that were begun, are told 410. */
  compact(): void {
    this.#version += 1;
    this.#oldest = this.#version;
    this.#history = [];
    this.#snapshots.clear();
  }

  bookmark(): void {
    const object = { metadata: { resourceVersion: String(this.#version) } };
    this.broadcast(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  /** Starts over as from an old backup. */
  restore(version: number): void {
    this.#version = version;
    this.#oldest = 0;
    this.#history = [];
  }

  /** Writes to all open watches as it is. */
  broadcast(text: string): void {
    for (const watch of this.#watches) watch.write(text);
  }

  /** Ends all watches in order, as after their timeout. */
  endWatches(): void {
    for (const watch of this.#watches) watch.end();
  }

  /** Sends half of an event to all watches and breaks them. */
  cutWatches(): void {
    for (const watch of this.#watches) watch.write('{"type":"ADDED","obj', () => watch.destroy());
  }

  #change(type: Change['type'], name: string, object: KubeObject): void {
    if (type === 'DELETED') this.#objects.delete(name);
    else this.#objects.set(name, object);
    const change = { type, version: this.#version, object };
    this.#history.push(change);
    this.broadcast(lineOf(change));
  }

  #serve(request: WireRequest, response: ServerResponse): void {
    if (this.intervene(request, response)) return;
    if (request.query.get('watch') === 'true') this.#watch(request, response);
    else this.#list(request, response);
  }

  #list(request: WireRequest, response: ServerResponse): void {
    const token = request.query.get('continue');
    const limit = Number(request.query.get('limit') ?? Number.POSITIVE_INFINITY);
    const [id = '', from = '0'] = token === null ? [String(this.#snapshots.size + 1)] : token.split(':');
    if (token === null) this.#snapshots.set(id, { items: [...this.#objects.values()], version: this.#version });
    const snapshot = this.#snapshots.get(id);
    if (snapshot === undefined)
      return sendJson(response, 410, statusObject(410, 'Expired', 'the continue token is too old'));
    const end = Number(from) + limit;
    const metadata = {
      resourceVersion: String(snapshot.version),
      continue: end < snapshot.items.length ? `${id}:${end}` : '',
    };
    sendJson(response, 200, { items: snapshot.items.slice(Number(from), end), metadata });
  }

  #watch(request: WireRequest, response: ServerResponse): void {
    const from = Number(request.query.get('resourceVersion'));
    if (from < this.#oldest) return sendJson(response, 410, statusObject(410, 'Expired', 'too old resource version'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    for (const change of this.#history) if (change.version > from) response.write(lineOf(change));
    this.#watches.add(response);
    response.on('close', () => this.#watches.delete(response));
  }
}

function lineOf({ type, object }: Change): string {
  return `${JSON.stringify({ type, object })}\n`;
}
