/** A first-in, first-out set of keys from which any key can be taken out early; every operation takes constant time. */

export interface WaitingKey {
  readonly key: string;
  /** When the key was added, in whatever unit the caller counts. */
  readonly since: number;
}

export class KeyFifo {
  readonly #since = new Map<string, number>();
  // One iterator for as long as there are keys: a fresh one would step over the holes of all keys taken before it.
  #cursor: MapIterator<[string, number]> | undefined;

  get size(): number {
    return this.#since.size;
  }

  has(key: string): boolean {
    return this.#since.has(key);
  }

  /** Appends the key; one that is waiting already keeps its place. */
  push(key: string, since: number): void {
    if (!this.#since.has(key)) this.#since.set(key, since);
  }

  /** Takes out the key that waited longest. */
  shift(): WaitingKey | undefined {
    this.#cursor ??= this.#since.entries();
    const next = this.#cursor.next();
    if (next.done === true) {
      this.#cursor = undefined;
      return undefined;
    }
    const [key, since] = next.value;
    this.#since.delete(key);
    return { key, since };
  }

  /** Since when the longest waiting key waits. Not for the hot path: steps over the keys taken before. */
  get oldestSince(): number | undefined {
    return this.#since.values().next().value;
  }

  /** Takes this key out; answers since when it waited. */
  remove(key: string): number | undefined {
    const since = this.#since.get(key);
    if (since !== undefined) this.#since.delete(key);
    return since;
  }
}
