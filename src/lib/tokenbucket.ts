/** A rate as a bucket of tokens: short bursts are free, the average is kept. */
import type { Clock } from './clock.ts';

export interface TokenBucketOptions {
  readonly clock: Clock;
  readonly perSecond: number;
  /** Tokens that may be saved up. */
  readonly burst: number;
}

/** Tokens come at a steady rate; who takes one that is not there yet is told how long to wait for it. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #countedAt: number;

  constructor(options: TokenBucketOptions) {
    this.#clock = options.clock;
    this.#perMs = options.perSecond / 1_000;
    this.#burst = options.burst;
    this.#tokens = options.burst;
    this.#countedAt = options.clock.monotonic();
  }

  /** Takes a token, also one of the future, and answers the milliseconds until it is there. */
  reserve(): number {
    this.#refill();
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : -this.#tokens / this.#perMs;
  }

  /** Takes a token only if there is one. */
  tryTake(): boolean {
    this.#refill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#countedAt) * this.#perMs);
    this.#countedAt = now;
  }
}
