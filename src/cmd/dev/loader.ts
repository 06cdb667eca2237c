/** Keeps the dev cluster in step with the manifests: what is new or changed is loaded, what is gone is deleted. */
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../api/object.ts';
import type { Resource } from '../../api/resource.ts';
import type { DevServer } from '../../devserver/devserver.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import { toError } from '../../runtime/errors.ts';
import { readManifests, type SourceObject } from './manifests.ts';

export interface LoaderOptions {
  readonly server: DevServer;
  readonly kube: Pick<KubeClient, 'delete'>;
  /** The resource of a kind, for deleting; undefined: not served. */
  readonly resourceOf: (object: KubeObject) => Resource | undefined;
  readonly say: (line: string) => void;
}

export class ManifestLoader {
  readonly #options: LoaderOptions;
  #loaded: ReadonlyMap<string, KubeObject> = new Map();

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** Says what was refused, and goes on with the rest. @throws when a path does not exist */
  async load(paths: readonly string[]): Promise<void> {
    const { objects, problems } = await readManifests(paths);
    for (const problem of problems) this.#options.say(problem);
    const wanted = new Map(objects.map((source) => [identityOf(source.object), source]));
    const loaded = new Map<string, KubeObject>();
    for (const [identity, source] of wanted) {
      if (this.#put(source, this.#loaded.get(identity))) loaded.set(identity, source.object);
    }
    for (const [identity, object] of this.#loaded) if (!wanted.has(identity)) await this.#delete(object);
    this.#loaded = loaded;
  }

  #put({ object, place }: SourceObject, before: KubeObject | undefined): boolean {
    if (before !== undefined && isDeepStrictEqual(before, object)) return true;
    const { server, say } = this.#options;
    try {
      const { namespace } = object.metadata;
      if (namespace !== undefined && object.kind !== 'Namespace') server.load([namespaceOf(namespace)]);
      server.load([object]);
      return true;
    } catch (error) {
      say(`${place}: ${object.kind} ${object.metadata.name}: ${toError(error).message}`);
      return before !== undefined;
    }
  }

  async #delete(object: KubeObject): Promise<void> {
    const resource = this.#options.resourceOf(object);
    if (resource === undefined) return;
    const { name = '', namespace = 'default' } = object.metadata;
    try {
      await this.#options.kube.delete(resource, resource.namespaced ? { namespace, name } : { name });
    } catch (error) {
      if (!isNotFound(error)) this.#options.say(`${object.kind} ${name}: ${toError(error).message}`);
    }
  }
}

function identityOf({ apiVersion = '', kind, metadata }: KubeObject): string {
  // Versions of one group are the same object.
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return `${group}/${kind}/${metadata.namespace ?? 'default'}/${metadata.name}`;
}

function namespaceOf(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
