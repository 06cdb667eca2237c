import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import { TokenBucket } from './tokenbucket.ts';

test('a burst is free, then tokens come at the rate', () => {
  const bucket = new TokenBucket({ clock: new FakeClock(), perSecond: 10, burst: 2 });
  expect([bucket.reserve(), bucket.reserve(), bucket.reserve(), bucket.reserve()]).toEqual([0, 0, 100, 200]);
});

test('tokens that nobody takes are saved up to the burst', () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ clock, perSecond: 10, burst: 2 });
  bucket.reserve();
  clock.advance(3_600_000);
  expect([bucket.tryTake(), bucket.tryTake(), bucket.tryTake()]).toEqual([true, true, false]);
});

test('for all takings, never more than burst plus rate times time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { maxLength: 100 }), (pauses) => {
      const clock = new FakeClock();
      const bucket = new TokenBucket({ clock, perSecond: 7, burst: 5 });
      let taken = 0;
      for (const pauseMs of pauses) {
        clock.advance(pauseMs);
        while (bucket.tryTake()) taken += 1;
        expect(taken).toBeLessThanOrEqual(5 + (7 * clock.monotonic()) / 1_000 + 1e-6);
      }
    }),
  );
});
