/** Everything the server holds: one collection a kind, one count of revisions for all of them. */
import { Collection } from './collection.ts';
import type { Change } from './history.ts';

export interface StorageOptions {
  /** Changes that each collection remembers at least. */
  readonly historySize: number;
}

/** Names a collection: versions share one. */
export interface StorageName {
  readonly group: string;
  readonly plural: string;
}

/** Above every version that a client could make up, so that those are too old, as with a server that has a past. */
const startRevision = 1_000;

export class Storage {
  readonly #historySize: number;
  readonly #collections = new Map<string, Collection>();
  readonly #listeners: ((name: StorageName, change: Change) => void)[] = [];
  #revision = startRevision;

  constructor({ historySize }: StorageOptions) {
    this.#historySize = historySize;
  }

  /** Of the last change. */
  get revision(): number {
    return this.#revision;
  }

  collection(name: StorageName, maxObjects?: number): Collection {
    const id = `${name.group}/${name.plural}`;
    const known = this.#collections.get(id);
    if (known !== undefined) return known;
    const collection = new Collection({
      historySize: this.#historySize,
      startRevision: this.#revision,
      nextRevision: () => (this.#revision += 1),
      maxObjects,
    });
    collection.listen((change) => this.#listeners.forEach((listener) => listener(name, change)));
    this.#collections.set(id, collection);
    return collection;
  }

  /** Hears every change of every collection, the later ones too. */
  listen(listener: (name: StorageName, change: Change) => void): void {
    this.#listeners.push(listener);
  }

  /** Forgets what was: watches and pages from before are answered with 410. */
  compact(): void {
    this.#revision += 1;
    for (const collection of this.#collections.values()) collection.history.forget(this.#revision);
  }
}
