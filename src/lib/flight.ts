/** One running operation that any number of callers wait for, each free to give up without harming the others. */
import { orAbort } from './abort.ts';

/** The operation starts by itself and is aborted only when the last of its waiters has given up. */
export class Flight<T> {
  readonly #controller = new AbortController();
  readonly #outcome: Promise<T>;
  #waiters = 0;

  constructor(run: (signal: AbortSignal) => Promise<T>) {
    const { signal } = this.#controller;
    // One turn later, so that whoever made the flight can remember it before the operation ends.
    this.#outcome = orAbort(runSoon(run, signal), signal);
    // A failure that nobody waits for any more is nobody's: without this it would end the process.
    this.#outcome.catch(() => undefined);
  }

  /** True once the operation was aborted: it must not be joined any more, start another. */
  get isAbandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /** @throws what the operation throws, or the signal's reason when it aborts first */
  async wait(signal: AbortSignal): Promise<T> {
    this.#waiters += 1;
    try {
      signal.throwIfAborted();
      return await orAbort(this.#outcome, signal);
    } finally {
      this.#waiters -= 1;
      if (this.#waiters === 0 && signal.aborted) this.abort(signal.reason);
    }
  }

  /** Everyone who waits is rejected with the reason at once, whether the operation heeds its signal or not. */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }
}

async function runSoon<T>(run: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  await Promise.resolve();
  signal.throwIfAborted();
  return run(signal);
}
