/** How long a key that failed has to wait, after its own history and that of all keys. */
import type { TokenBucket } from '../lib/tokenbucket.ts';
import { type BackoffOptions, backoffMs } from './backoff.ts';

export interface RateLimiter {
  /** Counts a failure of the key and answers how long it has to wait, in milliseconds. */
  next(key: string): number;
  /** Failures of the key since it was last forgotten. */
  failures(key: string): number;
  /** The key succeeded. */
  forget(key: string): void;
}

/** Retries of one key: 1 s, doubling to 7 minutes (as ESO 2.9 does), plus up to a fifth so that failures spread out. */
export const itemBackoffDefaults: BackoffOptions = { baseMs: 1_000, maxMs: 7 * 60_000, jitter: 0.2 };

export interface RateLimiterOptions extends BackoffOptions {
  /** Retries of all keys together; absent: unlimited. */
  readonly overall?: TokenBucket;
}

/** Exponential for each key; with `overall`, the longer of both waits. Memory: one number for each failing key. */
export function itemRateLimiter(options: RateLimiterOptions = itemBackoffDefaults): RateLimiter {
  const failures = new Map<string, number>();
  return {
    next(key) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      return Math.max(backoffMs(count, options), options.overall?.reserve() ?? 0);
    },
    failures: (key) => failures.get(key) ?? 0,
    forget: (key) => void failures.delete(key),
  };
}
