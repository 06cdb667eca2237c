/** The objects of an informer, by key and by index. */
import type { KubeObject } from '../api/object.ts';
import { keyOf } from './key.ts';
import type { IndexFunction, Lister } from './lister.ts';

export type Indexes<T extends KubeObject, Index extends string> = Readonly<Record<Index, IndexFunction<T>>>;

export class Store<T extends KubeObject, Index extends string> implements Lister<T, Index> {
  readonly #indexes: readonly StoreIndex<T>[];
  #objects = new Map<string, T>();

  constructor(indexes: Indexes<T, Index>) {
    // `Object.entries` forgets the type of the values.
    const entries: [string, IndexFunction<T>][] = Object.entries(indexes);
    this.#indexes = entries.map(([name, valuesOf]) => new StoreIndex(name, valuesOf));
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  byIndex(index: Index, value: string): readonly T[] {
    const found: T[] = [];
    for (const key of this.#indexes.find(({ name }) => name === index)?.keys(value) ?? []) {
      const object = this.#objects.get(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  }

  /** Answers the object that was there before. */
  put(object: T): T | undefined {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    this.#objects.set(key, object);
    for (const index of this.#indexes) index.move(key, previous, object);
    return previous;
  }

  remove(key: string): T | undefined {
    const previous = this.#objects.get(key);
    if (previous === undefined) return undefined;
    this.#objects.delete(key);
    for (const index of this.#indexes) index.move(key, previous, undefined);
    return previous;
  }

  /** Swaps the whole content at once: no reader sees a half-filled store. Answers the content before. */
  replace(objects: Iterable<T>): ReadonlyMap<string, T> {
    const before = this.#objects;
    this.#objects = new Map();
    for (const index of this.#indexes) index.clear();
    for (const object of objects) this.put(object);
    return before;
  }
}

/** Most values belong to one object only, which needs no set. */
class StoreIndex<T extends KubeObject> {
  readonly name: string;
  readonly #valuesOf: IndexFunction<T>;
  readonly #keys = new Map<string, string | Set<string>>();

  constructor(name: string, valuesOf: IndexFunction<T>) {
    this.name = name;
    this.#valuesOf = valuesOf;
  }

  keys(value: string): Iterable<string> {
    const keys = this.#keys.get(value);
    return typeof keys === 'string' ? [keys] : (keys ?? []);
  }

  move(key: string, previous: T | undefined, next: T | undefined): void {
    const before = previous === undefined ? [] : this.#valuesOf(previous);
    const after = next === undefined ? [] : this.#valuesOf(next);
    for (const value of before) if (!after.includes(value)) this.#remove(value, key);
    for (const value of after) if (!before.includes(value)) this.#add(value, key);
  }

  clear(): void {
    this.#keys.clear();
  }

  #add(value: string, key: string): void {
    const keys = this.#keys.get(value);
    if (keys === undefined) this.#keys.set(value, key);
    else if (typeof keys !== 'string') keys.add(key);
    else if (keys !== key) this.#keys.set(value, new Set([keys, key]));
  }

  #remove(value: string, key: string): void {
    const keys = this.#keys.get(value);
    if (keys === key) this.#keys.delete(value);
    else if (keys instanceof Set && keys.delete(key) && keys.size === 0) this.#keys.delete(value);
  }
}
