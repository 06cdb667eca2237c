/** All objects of one kind, in all namespaces and served versions. */
import { joinKey } from '../runtime/key.ts';
import { type Change, History } from './history.ts';
import { type ApiObject, withMeta } from './object.ts';

/** Called at once, in the order of revisions; must not throw. */
export type ChangeListener = (change: Change) => void;

export interface CollectionOptions {
  readonly historySize: number;
  readonly startRevision: number;
  readonly nextRevision: () => number;
  /** Kinds that expire keep this many objects: the oldest go first. */
  readonly maxObjects?: number | undefined;
}

export class Collection {
  readonly history: History;
  readonly #options: CollectionOptions;
  readonly #objects = new Map<string, ApiObject>();
  readonly #listeners = new Set<ChangeListener>();
  /** In the order of lists; undefined when an object came or went since. */
  #sortedKeys: readonly string[] | undefined;

  constructor(options: CollectionOptions) {
    this.#options = options;
    this.history = new History(options.historySize, options.startRevision);
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): ApiObject | undefined {
    return this.#objects.get(key);
  }

  /** In no order. */
  values(): Iterable<ApiObject> {
    return this.#objects.values();
  }

  /** As it is now, ordered by namespace and name. */
  *ordered(): Generator<readonly [string, ApiObject]> {
    this.#sortedKeys ??= [...this.#objects.keys()].sort(byCodeUnits);
    for (const key of this.#sortedKeys) {
      const object = this.#objects.get(key);
      if (object !== undefined) yield [key, object];
    }
  }

  /** As it was at a revision, in the same order; undefined when too much is forgotten. */
  orderedAt(revision: number): readonly (readonly [string, ApiObject])[] | undefined {
    const later = this.history.since(revision);
    if (later === undefined) return undefined;
    const objects = new Map(this.#objects);
    for (const { key, previous } of later.toReversed()) {
      if (previous === undefined) objects.delete(key);
      else objects.set(key, previous);
    }
    return [...objects].sort(([a], [b]) => byCodeUnits(a, b));
  }

  /** Stores an object under a new version. @returns the object with that version */
  put(object: ApiObject): ApiObject {
    const revision = this.#options.nextRevision();
    const stored = withMeta(object, { resourceVersion: String(revision) });
    const key = keyOf(stored);
    const previous = this.#objects.get(key);
    this.#objects.set(key, stored);
    if (previous === undefined) {
      this.#sortedKeys = undefined;
      this.#tell({ type: 'added', revision, key, object: stored });
      this.#expireOldest();
    } else {
      this.#tell({ type: 'modified', revision, key, object: stored, previous });
    }
    return stored;
  }

  remove(key: string): void {
    const previous = this.#objects.get(key);
    if (previous === undefined) return;
    const revision = this.#options.nextRevision();
    this.#objects.delete(key);
    this.#sortedKeys = undefined;
    const object = withMeta(previous, { resourceVersion: String(revision) });
    this.#tell({ type: 'deleted', revision, key, object, previous });
  }

  /** @returns ends the listening */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(change: Change): void {
    this.history.add(change);
    for (const listener of this.#listeners) listener(change);
  }

  #expireOldest(): void {
    const { maxObjects = Number.POSITIVE_INFINITY } = this.#options;
    const [oldest] = this.#objects.keys();
    if (this.#objects.size > maxObjects && oldest !== undefined) this.remove(oldest);
  }
}

export function keyOf(object: ApiObject): string {
  return joinKey(object.metadata.namespace, object.metadata.name ?? '');
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
