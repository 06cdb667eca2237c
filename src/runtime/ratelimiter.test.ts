import { expect, test } from 'vitest';
import { TokenBucket } from '../lib/tokenbucket.ts';
import { itemRateLimiter } from './ratelimiter.ts';
import { FakeClock } from './testing/fakeclock.ts';

test('each key has its own history', () => {
  const limiter = itemRateLimiter({ baseMs: 1_000, maxMs: 60_000, jitter: 0 });
  expect([limiter.next('a'), limiter.next('a'), limiter.next('b')]).toEqual([1_000, 2_000, 1_000]);
  limiter.forget('a');
  expect([limiter.failures('a'), limiter.failures('b'), limiter.next('a')]).toEqual([0, 1, 1_000]);
});

test('all keys together keep the overall rate', () => {
  const overall = new TokenBucket({ clock: new FakeClock(), perSecond: 1, burst: 1 });
  const limiter = itemRateLimiter({ baseMs: 10, maxMs: 60_000, jitter: 0, overall });
  expect([limiter.next('a'), limiter.next('b'), limiter.next('c')]).toEqual([10, 1_000, 2_000]);
});

test('by default waits go from one second to seven minutes and spread by a fifth', () => {
  const limiter = itemRateLimiter();
  const waits = Array.from({ length: 20 }, () => limiter.next('a'));
  expect(waits[0]).toBeGreaterThanOrEqual(1_000);
  expect(waits[0]).toBeLessThan(1_200);
  expect(waits.at(-1)).toBeGreaterThanOrEqual(420_000);
  expect(waits.at(-1)).toBeLessThan(504_000);
});
