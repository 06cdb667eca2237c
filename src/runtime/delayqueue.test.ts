import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxDelayMs } from './clock.ts';
import { DelayQueue } from './delayqueue.ts';
import type { Lane } from './lane.ts';
import { FakeClock } from './testing/fakeclock.ts';

interface Due {
  readonly key: string;
  readonly lane: Lane;
  readonly at: number;
}

function delayQueue(): { clock: FakeClock; queue: DelayQueue; due: Due[] } {
  const clock = new FakeClock();
  const due: Due[] = [];
  const queue = new DelayQueue({ clock, onDue: (key, lane) => due.push({ key, lane, at: clock.monotonic() }) });
  return { clock, queue, due };
}

test('a key is handed over at its time, not before', () => {
  const { clock, queue, due } = delayQueue();
  queue.schedule('a', 100, 'refresh');
  clock.advance(99);
  expect(due).toEqual([]);
  clock.advance(1);
  expect(due).toEqual([{ key: 'a', lane: 'refresh', at: 100 }]);
  expect(queue.size).toBe(0);
});

test('of two delays for one key the earlier counts, whichever came first', () => {
  const { clock, queue, due } = delayQueue();
  queue.schedule('a', 100, 'refresh');
  queue.schedule('a', 50, 'refresh');
  queue.schedule('b', 20, 'refresh');
  queue.schedule('b', 80, 'refresh');
  clock.advance(200);
  expect(due.map(({ key, at }) => [key, at])).toEqual([
    ['b', 20],
    ['a', 50],
  ]);
});

test('a key that anyone wants urgently stays urgent', () => {
  const { clock, queue, due } = delayQueue();
  queue.schedule('a', 10, 'urgent');
  queue.schedule('a', 5, 'refresh');
  clock.advance(10);
  expect(due).toEqual([{ key: 'a', lane: 'urgent', at: 5 }]);
});

test('a cancelled key is never handed over', () => {
  const { clock, queue, due } = delayQueue();
  queue.schedule('a', 10, 'refresh');
  queue.schedule('b', 20, 'refresh');
  queue.cancel('a');
  clock.advance(100);
  expect(due.map(({ key }) => key)).toEqual(['b']);
});

test('a delay over the 32 bits of a timer comes at its time, not at once', () => {
  const { clock, queue, due } = delayQueue();
  const yearMs = 365 * 24 * 3_600_000;
  queue.schedule('a', yearMs, 'refresh');
  clock.advance(maxDelayMs);
  expect(due).toEqual([]);
  clock.advance(yearMs);
  expect(due).toEqual([{ key: 'a', lane: 'refresh', at: yearMs }]);
});

test('any number of delays needs one timer', () => {
  const { clock, queue } = delayQueue();
  for (let i = 0; i < 1_000; i += 1) queue.schedule(`k${i}`, 1_000 - i, 'refresh');
  expect(clock.pendingTimers).toBe(1);
  queue.clear();
  expect(clock.pendingTimers).toBe(0);
});

describe('for all sequences of operations', () => {
  const operation = fc.oneof(
    fc.record({
      kind: fc.constant('schedule' as const),
      key: fc.integer({ min: 0, max: 20 }),
      delayMs: fc.integer({ min: 1, max: 500 }),
    }),
    fc.record({ kind: fc.constant('cancel' as const), key: fc.integer({ min: 0, max: 20 }) }),
    fc.record({ kind: fc.constant('advance' as const), byMs: fc.integer({ min: 0, max: 200 }) }),
  );

  test('keys come in order of their times, each exactly at the earliest time it was given', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const { clock, queue, due } = delayQueue();
        const model = new Map<string, number>();
        const expected: { key: string; at: number }[] = [];
        for (const step of operations) {
          if (step.kind === 'schedule') {
            const at = clock.monotonic() + step.delayMs;
            model.set(String(step.key), Math.min(model.get(String(step.key)) ?? at, at));
            queue.schedule(String(step.key), step.delayMs, 'refresh');
          } else if (step.kind === 'cancel') {
            model.delete(String(step.key));
            queue.cancel(String(step.key));
          } else {
            clock.advance(step.byMs);
            for (const [key, at] of model) {
              if (at > clock.monotonic()) continue;
              expected.push({ key, at });
              model.delete(key);
            }
          }
        }
        const byKeyAndTime = (a: { key: string; at: number }, b: { key: string; at: number }): number =>
          a.at - b.at || a.key.localeCompare(b.key);
        const got = due.map(({ key, at }) => ({ key, at }));
        expect(got.map(({ at }) => at)).toEqual(got.map(({ at }) => at).toSorted((a, b) => a - b));
        expect(got.toSorted(byKeyAndTime)).toEqual(expected.toSorted(byKeyAndTime));
        expect(queue.size).toBe(model.size);
      }),
    );
  });
});
