/** One after the other for the same key, side by side for different ones. */
export class KeyedTurns {
  readonly #last = new Map<string, Promise<void>>();

  /** Keys that somebody works on, or waits for. */
  get size(): number {
    return this.#last.size;
  }

  /** Runs `work` when everyone who took the key before is done, well or not. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#after(key, work);
    const done = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(key, done);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === done) this.#last.delete(key);
    }
  }

  async #after<T>(key: string, work: () => Promise<T>): Promise<T> {
    await this.#last.get(key);
    return work();
  }
}
