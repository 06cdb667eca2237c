import { expect, test } from 'vitest';
import { maxDelayMs, realClock, sleep } from './clock.ts';
import { FakeClock } from './testing/fakeclock.ts';

test('a timer longer than the platform can count does not fire at once', async () => {
  let hasFired = false;
  const cancel = realClock.setTimer(365 * 24 * 3_600_000, () => {
    hasFired = true;
  });
  await new Promise<void>((resolve) => realClock.setTimer(20, resolve));
  cancel();
  expect(hasFired).toBe(false);
});

test('a cancelled timer does not fire', async () => {
  let hasFired = false;
  realClock.setTimer(1, () => {
    hasFired = true;
  })();
  await new Promise<void>((resolve) => realClock.setTimer(10, resolve));
  expect(hasFired).toBe(false);
});

test('sleep ends at its time', async () => {
  const clock = new FakeClock();
  let isAwake = false;
  const sleeping = sleep(clock, 100).then(() => {
    isAwake = true;
  });
  await clock.advanceAsync(99);
  expect(isAwake).toBe(false);
  await clock.advanceAsync(1);
  await sleeping;
  expect(isAwake).toBe(true);
});

test('an abort ends a sleep with its reason and leaves no timer', async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  const sleeping = sleep(clock, 100, abort.signal);
  abort.abort(new Error('enough'));
  await expect(sleeping).rejects.toThrow('enough');
  expect(clock.pendingTimers).toBe(0);
  await expect(sleep(clock, 1, abort.signal)).rejects.toThrow('enough');
});

test('the fake clock cuts delays like the real one', () => {
  const clock = new FakeClock();
  let firedAt: number | undefined;
  clock.setTimer(Number.POSITIVE_INFINITY, () => {
    firedAt = clock.monotonic();
  });
  clock.advance(maxDelayMs + 1);
  expect(firedAt).toBe(maxDelayMs);
});
