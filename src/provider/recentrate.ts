/** How many events there were in about the last second. */
import type { Clock } from '../lib/clock.ts';

const windowMs = 1_000;

/** A sliding window in constant memory: the current window whole, of the one before the part that still overlaps. */
export class RecentRate {
  readonly #clock: Clock;
  #windowStart: number;
  #current = 0;
  #previous = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#windowStart = clock.monotonic();
  }

  count(): void {
    this.#slide();
    this.#current += 1;
  }

  perSecond(): number {
    this.#slide();
    const overlap = 1 - (this.#clock.monotonic() - this.#windowStart) / windowMs;
    return this.#current + this.#previous * overlap;
  }

  #slide(): void {
    const windows = Math.floor((this.#clock.monotonic() - this.#windowStart) / windowMs);
    if (windows === 0) return;
    this.#previous = windows === 1 ? this.#current : 0;
    this.#current = 0;
    this.#windowStart += windows * windowMs;
  }
}
