/** Remembers which ExternalSecrets wait for a backend that does not answer, so that all go on as soon as one gets through. */

export interface OutagesOptions {
  /** The shortest time between two probes of one store by all its dependents together. Default 1 s. */
  readonly probeIntervalMs?: number;
  /** However few dependents there are, each probes no more often than this. Default 15 s. */
  readonly leastCapMs?: number;
}

/**
 * Backends fail as a whole, so dependents share what they learn: together they probe at a steady rate, whatever their
 * number, and the first success wakes the others.
 */
export class Outages {
  readonly #probeIntervalMs: number;
  readonly #leastCapMs: number;
  readonly #waiting = new Map<string, Set<string>>();

  constructor({ probeIntervalMs = 1_000, leastCapMs = 15_000 }: OutagesOptions = {}) {
    this.#probeIntervalMs = probeIntervalMs;
    this.#leastCapMs = leastCapMs;
  }

  /**
   * The key could not be synced because a store's backend gave no answer.
   * @returns the longest that it should wait before it tries again, in milliseconds
   */
  failed(stores: readonly string[], key: string): number {
    let most = 0;
    for (const store of stores) {
      const waiting = this.#waiting.get(store) ?? new Set();
      this.#waiting.set(store, waiting.add(key));
      most = Math.max(most, waiting.size);
    }
    return Math.max(this.#leastCapMs, most * this.#probeIntervalMs);
  }

  /** The key was synced: its stores answer. @returns the keys that have been waiting for that */
  succeeded(stores: readonly string[], key: string): readonly string[] {
    if (this.#waiting.size === 0) return [];
    const woken = new Set<string>();
    for (const store of stores) {
      for (const waiting of this.#waiting.get(store) ?? []) woken.add(waiting);
      this.#waiting.delete(store);
    }
    woken.delete(key);
    return [...woken];
  }

  /** The key waits for nothing any more. */
  forget(key: string): void {
    for (const [store, waiting] of this.#waiting) {
      if (waiting.delete(key) && waiting.size === 0) this.#waiting.delete(store);
    }
  }
}
