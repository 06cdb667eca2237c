/** Finds the stores that depend on an object without asking each of them. */
import { dependencyKey, type ObjectIdentity } from './dependencies.ts';
import type { StoreClients } from './storeclients.ts';

/** May name a store too many, never one too few: what a store let go of is noticed when the object changes, or by `prune`. */
export class DependencyIndex {
  readonly #byObject = new Map<string, { readonly object: ObjectIdentity; readonly stores: Set<StoreClients> }>();

  add(object: ObjectIdentity, store: StoreClients): void {
    const key = dependencyKey(object);
    const entry = this.#byObject.get(key);
    if (entry !== undefined) entry.stores.add(store);
    else this.#byObject.set(key, { object: { ...object }, stores: new Set([store]) });
  }

  stores(object: ObjectIdentity): readonly StoreClients[] {
    const entry = this.#byObject.get(dependencyKey(object));
    return entry === undefined ? [] : [...entry.stores];
  }

  /** Every object that a store depends on. */
  objects(): readonly ObjectIdentity[] {
    return Array.from(this.#byObject.values(), ({ object }) => object);
  }

  prune(): void {
    for (const [key, { object, stores }] of this.#byObject) {
      for (const store of stores) if (!store.dependsOn(object)) stores.delete(store);
      if (stores.size === 0) this.#byObject.delete(key);
    }
  }
}
