/** How fast one store may be called: freely until its backend says "less", then as fast as it takes. */
import type { CancelTimer, Clock } from '../lib/clock.ts';
import { ProviderError } from './errors.ts';
import { RecentRate } from './recentrate.ts';

export interface RateBudgetOptions {
  readonly clock: Clock;
  /** Calls a second while the backend does not complain. Default 1,000: no limit that a healthy store would feel. */
  readonly maxPerSecond?: number;
  /** Throttling never slows the store below this. Default 0.5. */
  readonly minPerSecond?: number;
  /** Who would wait longer is refused at once, so that a slowed store does not hold the workers. Default 5 s. */
  readonly maxWaitMs?: number;
  /** In [0, 1); spreads the callers that were refused. */
  readonly random?: () => number;
}

/** The right to make one call. `round` tells which slow-down the call could not know about yet. */
export interface Permit {
  readonly round: number;
}

interface Waiter {
  readonly grant: (permit: Permit) => void;
  readonly refuse: (error: ProviderError) => void;
}

/** What is left of the rate after a slow-down, as CUBIC and the AWS SDKs' adaptive mode have it. */
const decrease = 0.7;
/** Each second wins this part of the rate at the last slow-down back. */
const recoveryPerSecond = 0.1;
/** A backend that asks for more than this is asked again all the same: nothing may silence a store for days. */
const longestPauseMs = 3_600_000;

/**
 * A token bucket whose rate follows the backend: additive increase, multiplicative decrease. The decrease starts from
 * the rate that was really used, so the first complaint of a backend already has an effect.
 */
export class RateBudget {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #min: number;
  readonly #maxWaitMs: number;
  readonly #random: () => number;
  readonly #recent: RecentRate;
  readonly #waiters: Waiter[] = [];
  #perSecond: number;
  #slowedTo: number;
  #tokens: number;
  #countedAt: number;
  #pausedUntil = 0;
  #round = 0;
  #cancelTimer: CancelTimer | undefined;

  constructor(options: RateBudgetOptions) {
    this.#clock = options.clock;
    this.#max = options.maxPerSecond ?? 1_000;
    this.#min = options.minPerSecond ?? 0.5;
    this.#maxWaitMs = options.maxWaitMs ?? 5_000;
    this.#random = options.random ?? Math.random;
    this.#recent = new RecentRate(options.clock);
    this.#perSecond = this.#max;
    this.#slowedTo = this.#max;
    this.#tokens = this.#capacity;
    this.#countedAt = options.clock.monotonic();
  }

  /** The calls a second that are allowed now. */
  get perSecond(): number {
    this.#refill();
    return this.#perSecond;
  }

  get maxWaitMs(): number {
    return this.#maxWaitMs;
  }

  /**
   * Waits for the right to make one call; first come, first served.
   * @throws ProviderError `throttled` when the wait would be too long, with the time to come back after;
   * the signal's reason when aborted
   */
  async acquire(signal: AbortSignal): Promise<Permit> {
    signal.throwIfAborted();
    this.#refill();
    if (this.#waiters.length === 0 && this.#waitMs(1) === 0) return this.#take();
    const waitMs = this.#waitMs(this.#waiters.length + 1);
    if (waitMs > this.#maxWaitMs) throw this.#tooLong(waitMs);
    return await this.#enqueue(signal);
  }

  /**
   * The backend refused the call of this permit because there were too many.
   * Calls that were already under way at the last slow-down do not slow the store once more.
   */
  throttled(permit: Permit, retryAfterMs = 0): void {
    this.#refill();
    const until = this.#clock.monotonic() + Math.min(retryAfterMs, longestPauseMs);
    this.#pausedUntil = Math.max(this.#pausedUntil, until);
    if (permit.round === this.#round) this.#slowDown();
    this.#shed();
    this.#drain();
  }

  #slowDown(): void {
    this.#round += 1;
    this.#slowedTo = Math.max(this.#min, Math.min(this.#perSecond, this.#recent.perSecond()) * decrease);
    this.#perSecond = this.#slowedTo;
    this.#tokens = Math.min(this.#tokens, 0);
  }

  /** A slow rate allows no bursts; a fast one a tenth of a second's worth. */
  get #capacity(): number {
    return Math.max(1, this.#perSecond / 10);
  }

  #take(): Permit {
    this.#tokens -= 1;
    this.#recent.count();
    return { round: this.#round };
  }

  /** Milliseconds until the caller at this place of the queue has its turn. */
  #waitMs(place: number): number {
    const pauseMs = Math.max(0, this.#pausedUntil - this.#clock.monotonic());
    // A hair of tolerance: sums of fractions must not make a timer fire a microsecond early for ever.
    const missing = place - this.#tokens - 1e-6;
    return pauseMs + (missing <= 0 ? 0 : (missing / this.#perSecond) * 1_000);
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    const from = Math.max(this.#countedAt, Math.min(this.#pausedUntil, now));
    const seconds = (now - from) / 1_000;
    this.#countedAt = now;
    if (seconds <= 0) return;
    this.#tokens = Math.min(this.#capacity, this.#tokens + seconds * this.#perSecond);
    this.#perSecond = Math.min(
      this.#max,
      this.#perSecond + seconds * Math.max(this.#slowedTo * recoveryPerSecond, this.#min / 10),
    );
  }

  #enqueue(signal: AbortSignal): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal.reason);
        this.#drain();
      };
      const waiter: Waiter = {
        grant(permit) {
          signal.removeEventListener('abort', leave);
          resolve(permit);
        },
        refuse(error) {
          signal.removeEventListener('abort', leave);
          reject(error);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiters.push(waiter);
      this.#drain();
    });
  }

  /** Serves whose turn has come and sets the one timer for the next. */
  #drain(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#refill();
    while (this.#waiters.length > 0 && this.#waitMs(1) === 0) this.#waiters.shift()?.grant(this.#take());
    if (this.#waiters.length > 0)
      this.#cancelTimer = this.#clock.setTimer(Math.ceil(this.#waitMs(1)), () => this.#drain());
  }

  /** Refuses those who would wait too long now, from the back of the queue. */
  #shed(): void {
    for (let waitMs = this.#waitMs(this.#waiters.length); this.#waiters.length > 0 && waitMs > this.#maxWaitMs; ) {
      this.#waiters.pop()?.refuse(this.#tooLong(waitMs));
      waitMs = this.#waitMs(this.#waiters.length);
    }
  }

  #tooLong(waitMs: number): ProviderError {
    const retryAfterMs = Math.ceil(waitMs * (1 + 0.2 * this.#random()));
    return new ProviderError('throttled', 'the store is slowed down because its backend refused calls as too many', {
      retryAfterMs,
    });
  }
}
