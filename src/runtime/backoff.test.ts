import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Backoff, backoffMs } from './backoff.ts';

test('waits double up to their limit', () => {
  const backoff = new Backoff({ baseMs: 800, maxMs: 30_000, jitter: 0 });
  expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([
    800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000,
  ]);
});

test('a reset starts from the beginning', () => {
  const backoff = new Backoff({ baseMs: 10, maxMs: 1_000, jitter: 0 });
  backoff.next();
  backoff.next();
  backoff.reset();
  expect(backoff.next()).toBe(10);
});

test('for every number of failures a wait lies between base and limit, with its jitter', () => {
  fc.assert(
    fc.property(fc.nat(5_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
      const waitMs = backoffMs(failures, { baseMs: 1_000, maxMs: 420_000, jitter: 0.5, random: () => random });
      expect(waitMs).toBeGreaterThanOrEqual(1_000);
      expect(waitMs).toBeLessThan(420_000 * 1.5);
    }),
  );
});
