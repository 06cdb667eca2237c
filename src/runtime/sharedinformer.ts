/** The informer: a reflector fills a store, and handlers hear what changed. */
import type { KubeObject } from '../api/object.ts';
import type { Resource } from '../api/resource.ts';
import type { KubeClient, Selection } from '../kube/client.ts';
import { orAbort } from '../lib/abort.ts';
import type { Clock } from './clock.ts';
import type { EventHandler, Informer, InformerHealth } from './informer.ts';
import { keyOf } from './key.ts';
import type { Lister } from './lister.ts';
import type { Logger } from './logger.ts';
import { Reflector } from './reflector.ts';
import { type Indexes, Store } from './store.ts';
import { type Transform, withoutManagedFields } from './transform.ts';

export interface InformerOptions<T extends KubeObject, Index extends string> {
  readonly kube: Pick<KubeClient, 'list' | 'watch'>;
  readonly resource: Resource<T>;
  /** Default: everything. */
  readonly selection?: Selection;
  /** Default: without managed fields. */
  readonly transform?: Transform<T> | undefined;
  /** Functions from an object to the values under which `lister.byIndex` finds it. */
  readonly indexes?: Indexes<T, Index>;
  readonly clock: Clock;
  readonly log: Logger;
  /** A number in [0, 1); default `Math.random`. */
  readonly random?: () => number;
}

export class SharedInformer<T extends KubeObject, Index extends string = never> implements Informer<T, Index> {
  readonly resource: Resource<T>;
  readonly #log: Logger;
  readonly #transform: Transform<T>;
  readonly #store: Store<T, Index>;
  readonly #reflector: Reflector<T>;
  readonly #handlers: EventHandler<T>[] = [];
  readonly #synced = Promise.withResolvers<void>();
  #hasSynced = false;

  constructor(options: InformerOptions<T, Index>) {
    const { kube, resource, selection = {}, clock, log, random = Math.random } = options;
    this.resource = resource;
    this.#log = log;
    this.#transform = options.transform ?? withoutManagedFields;
    // Without indexes there is no index to name: `Index` is never.
    this.#store = new Store(options.indexes ?? ({} as Indexes<T, Index>));
    const admit = (object: T): T => this.#admit(object);
    const sink = {
      replaced: (objects: readonly T[]) => this.#replaced(objects),
      changed: (object: T) => this.#changed(object),
      removed: (object: T) => this.#removed(object),
    };
    this.#reflector = new Reflector({ kube, resource, selection, admit, sink, clock, log, random });
  }

  get lister(): Lister<T, Index> {
    return this.#store;
  }

  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  get health(): InformerHealth {
    const { lastContactAt, lastActivityAt, lastError } = this.#reflector;
    return { synced: this.#hasSynced, lastContactAt, lastActivityAt, lastError };
  }

  addHandler(handler: EventHandler<T>): void {
    this.#handlers.push(handler);
    if (!this.#hasSynced) return;
    for (const object of this.#store.values()) this.#call(object, () => handler.added?.(object, true));
  }

  whenSynced(signal: AbortSignal): Promise<void> {
    return orAbort(this.#synced.promise, signal);
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#reflector.run(signal);
  }

  /** An object that is known already is not kept a second time, nor transformed again. */
  #admit(object: T): T {
    const known = this.#store.get(keyOf(object));
    return known !== undefined && isSameVersion(known, object) ? known : this.#transform(object);
  }

  #replaced(objects: readonly T[]): void {
    const isInitial = !this.#hasSynced;
    const before = this.#store.replace(objects);
    this.#hasSynced = true;
    this.#synced.resolve();
    for (const object of objects) this.#tell(object, before.get(keyOf(object)), isInitial);
    for (const [key, object] of before) {
      if (this.#store.get(key) === undefined) this.#tellDeleted(object);
    }
  }

  #changed(object: T): void {
    this.#tell(object, this.#store.put(object), false);
  }

  #removed(object: T): void {
    const known = this.#store.remove(keyOf(object));
    if (known !== undefined) this.#tellDeleted(known);
  }

  #tell(object: T, previous: T | undefined, isInitial: boolean): void {
    if (previous !== undefined && isSameVersion(previous, object)) return;
    const isSuccessor = previous !== undefined && previous.metadata.uid !== object.metadata.uid;
    if (isSuccessor) this.#tellDeleted(previous); // Deleted and made again while nobody was watching.
    for (const handler of this.#handlers) {
      if (previous === undefined || isSuccessor) this.#call(object, () => handler.added?.(object, isInitial));
      else this.#call(object, () => handler.updated?.(object, previous));
    }
  }

  #tellDeleted(object: T): void {
    for (const handler of this.#handlers) this.#call(object, () => handler.deleted?.(object));
  }

  #call(object: T, tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#log.error({ resource: this.resource.plural, key: keyOf(object), error }, 'event handler threw');
    }
  }
}

function isSameVersion(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.resourceVersion === b.metadata.resourceVersion;
}
