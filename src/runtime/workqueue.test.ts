import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lane } from './lane.ts';
import { itemRateLimiter } from './ratelimiter.ts';
import { FakeClock } from './testing/fakeclock.ts';
import { WorkQueue } from './workqueue.ts';

function workQueue(): { clock: FakeClock; queue: WorkQueue } {
  const clock = new FakeClock();
  const rateLimiter = itemRateLimiter({ baseMs: 1_000, maxMs: 420_000, jitter: 0 });
  return { clock, queue: new WorkQueue({ clock, rateLimiter }) };
}

/** Takes all keys that are ready, as one worker that is done with each at once. */
async function drain(queue: WorkQueue): Promise<string[]> {
  const keys: string[] = [];
  for (let { depth } = queue.snapshot(); depth.urgent + depth.refresh > 0; { depth } = queue.snapshot()) {
    const key = await queue.get();
    if (key === undefined) break;
    keys.push(key);
    queue.done(key);
  }
  return keys;
}

describe('one key', () => {
  test('waits once however often it is added', async () => {
    const { queue } = workQueue();
    for (let i = 0; i < 5; i += 1) queue.add('a');
    expect(await drain(queue)).toEqual(['a']);
  });

  test('that is added while a worker has it is handed out again when that worker is done, not before', async () => {
    const { queue } = workQueue();
    queue.add('a');
    await queue.get();
    queue.add('a');
    queue.add('a');
    expect(queue.snapshot().depth.urgent).toBe(0);
    queue.done('a');
    expect(await drain(queue)).toEqual(['a']);
  });

  test('that is added to a queue with an idle worker goes to that worker', async () => {
    const { queue } = workQueue();
    const first = queue.get();
    const second = queue.get();
    queue.add('a');
    queue.add('b');
    expect([await first, await second]).toEqual(['a', 'b']);
  });

  test('loses its delay when it is handed out: what the worker decides replaces it', async () => {
    const { clock, queue } = workQueue();
    queue.addAfter('a', 1_000);
    queue.add('a');
    expect(await drain(queue)).toEqual(['a']);
    clock.advance(5_000);
    expect(await drain(queue)).toEqual([]);
  });

  test('that is delayed while a worker has it comes at that time', async () => {
    const { clock, queue } = workQueue();
    queue.add('a');
    await queue.get();
    queue.addAfter('a', 1_000);
    queue.done('a');
    clock.advance(999);
    expect(await drain(queue)).toEqual([]);
    clock.advance(1);
    expect(await drain(queue)).toEqual(['a']);
  });

  test('waits longer with each failure, and starts anew once forgotten', () => {
    const { queue } = workQueue();
    const waits = Array.from({ length: 11 }, () => queue.addRateLimited('a'));
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 420, 420].map((seconds) => seconds * 1_000));
    expect(queue.failures('a')).toBe(11);
    queue.forget('a');
    expect(queue.addRateLimited('a')).toBe(1_000);
  });
});

describe('two lanes', () => {
  test('urgent keys overtake refreshes, which still get one turn in five', async () => {
    const { queue } = workQueue();
    for (let i = 0; i < 3; i += 1) queue.add(`r${i}`, 'refresh');
    for (let i = 0; i < 10; i += 1) queue.add(`u${i}`, 'urgent');
    expect(await drain(queue)).toEqual(['u0', 'u1', 'u2', 'u3', 'r0', 'u4', 'u5', 'u6', 'u7', 'r1', 'u8', 'u9', 'r2']);
  });

  test('a waiting refresh that becomes urgent changes its lane, and an urgent key does not fall back', async () => {
    const { queue } = workQueue();
    queue.add('first', 'refresh');
    queue.add('edited', 'refresh');
    queue.add('edited', 'urgent');
    queue.add('edited', 'refresh');
    expect(queue.snapshot().depth).toEqual({ urgent: 1, refresh: 1 });
    expect(await drain(queue)).toEqual(['edited', 'first']);
  });

  test('a key keeps the lane it was added to while a worker had it', async () => {
    const { queue } = workQueue();
    queue.add('a', 'refresh');
    await queue.get();
    queue.add('a', 'urgent');
    queue.add('a', 'refresh');
    queue.add('b', 'refresh');
    queue.done('a');
    expect(await drain(queue)).toEqual(['a', 'b']);
  });
});

describe('shutdown', () => {
  test('sends idle workers home and hands out nothing more', async () => {
    const { clock, queue } = workQueue();
    const idle = queue.get();
    queue.addAfter('later', 10);
    queue.shutDown();
    queue.add('a');
    clock.advance(100);
    expect(await idle).toBeUndefined();
    expect(await queue.get()).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });

  test('leaves a worker its key, and does not queue it again', async () => {
    const { queue } = workQueue();
    queue.add('a');
    await queue.get();
    queue.add('a');
    queue.shutDown();
    queue.done('a');
    expect(queue.snapshot()).toMatchObject({ processing: 0, depth: { urgent: 0, refresh: 0 } });
  });
});

describe('what can be seen of it', () => {
  test('the snapshot tells waiting and working times', async () => {
    const { clock, queue } = workQueue();
    queue.add('a');
    clock.advance(100);
    queue.add('b');
    await queue.get();
    clock.advance(50);
    expect(queue.snapshot()).toEqual({
      depth: { urgent: 1, refresh: 0 },
      delayed: 0,
      processing: 1,
      overdueMs: 0,
      oldestWaitMs: 50,
      longestRunningMs: 50,
      unfinishedMs: 50,
    });
  });

  test('metrics count each key once and measure its wait and its work', async () => {
    const clock = new FakeClock();
    const seen: unknown[] = [];
    const queue = new WorkQueue({
      clock,
      metrics: {
        added: (lane) => seen.push(['added', lane]),
        taken: (lane, waitedMs) => seen.push(['taken', lane, waitedMs]),
        done: (workedMs) => seen.push(['done', workedMs]),
        retried: () => seen.push(['retried']),
      },
    });
    queue.add('a', 'refresh');
    queue.add('a', 'urgent');
    clock.advance(30);
    await queue.get();
    clock.advance(7);
    queue.done('a');
    queue.addRateLimited('a');
    expect(seen).toEqual([['added', 'refresh'], ['taken', 'urgent', 30], ['done', 7], ['retried']]);
  });
});

describe('for all sequences of operations', () => {
  type Step =
    | { readonly kind: 'add'; readonly key: string; readonly lane: Lane }
    | { readonly kind: 'addAfter'; readonly key: string; readonly delayMs: number }
    | { readonly kind: 'advance'; readonly byMs: number }
    | { readonly kind: 'take' }
    | { readonly kind: 'finish'; readonly which: number };
  const key = fc.integer({ min: 0, max: 8 }).map(String);
  const lane = fc.constantFrom<Lane>('urgent', 'refresh');
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), key, lane }),
    fc.record({ kind: fc.constant('addAfter' as const), key, delayMs: fc.integer({ min: 1, max: 50 }) }),
    fc.record({ kind: fc.constant('advance' as const), byMs: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constant('take' as const) }),
    fc.record({ kind: fc.constant('finish' as const), which: fc.nat(10) }),
  );

  test('no key is with two workers, and every added key is handed out after it was added', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 150 }), async (steps) => {
        const { clock, queue } = workQueue();
        const working: string[] = [];
        /** Keys that somebody waits for, with the moment from which on they must be handed out. */
        const owed = new Map<string, number>();
        const take = async (): Promise<void> => {
          const taken = await queue.get();
          expect(taken).toBeDefined();
          expect(working).not.toContain(taken);
          working.push(taken!);
          owed.delete(taken!);
        };
        const ready = (): number => queue.snapshot().depth.urgent + queue.snapshot().depth.refresh;
        for (const next of steps) {
          if (next.kind === 'add') {
            queue.add(next.key, next.lane);
            owed.set(next.key, 0);
          } else if (next.kind === 'addAfter') {
            queue.addAfter(next.key, next.delayMs);
            const dueAt = clock.monotonic() + next.delayMs;
            owed.set(next.key, Math.min(owed.get(next.key) ?? dueAt, dueAt));
          } else if (next.kind === 'advance') {
            clock.advance(next.byMs);
          } else if (next.kind === 'take') {
            if (ready() > 0) await take();
          } else if (working.length > 0) {
            const [finished] = working.splice(next.which % working.length, 1);
            queue.done(finished!);
          }
        }
        for (const finished of working.splice(0)) queue.done(finished);
        clock.advance(100);
        while (ready() > 0) {
          await take();
          queue.done(working.pop()!);
        }
        expect([...owed.keys()]).toEqual([]);
        expect(queue.snapshot()).toMatchObject({ delayed: 0, processing: 0 });
      }),
    );
  });

  test('with a number of workers that take their time, no key is ever with two of them and none is lost', async () => {
    const schedule = fc.array(fc.record({ key, lane, atMs: fc.integer({ min: 0, max: 300 }) }), { maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(
        schedule,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 40 }),
        async (adds, workers, workMs) => {
          const { clock, queue } = workQueue();
          const running = new Set<string>();
          const startedAt = new Map<string, number>();
          const work = async (): Promise<void> => {
            for (let next = await queue.get(); next !== undefined; next = await queue.get()) {
              expect(running.has(next)).toBe(false);
              running.add(next);
              startedAt.set(next, clock.monotonic());
              await new Promise<void>((resolve) => clock.setTimer(workMs, resolve));
              running.delete(next);
              queue.done(next);
            }
          };
          const all = Array.from({ length: workers }, work);
          for (const add of adds) clock.setTimer(add.atMs, () => queue.add(add.key, add.lane));
          for (let elapsedMs = 0; elapsedMs < 300 + 41 * 100; elapsedMs += 20) {
            clock.advance(20);
            for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
          }
          queue.shutDown();
          await Promise.all(all);
          for (const add of adds) expect(startedAt.get(add.key)).toBeGreaterThanOrEqual(add.atMs);
        },
      ),
      { numRuns: 50 },
    );
  });
});

test('a million adds of a thousand keys leave a thousand keys', () => {
  const { queue } = workQueue();
  for (let i = 0; i < 1_000_000; i += 1) {
    const name = `namespace/key-${i % 1_000}`;
    if (i % 3 === 0) queue.addAfter(name, 1 + (i % 977), 'refresh');
    else queue.add(name, i % 2 === 0 ? 'urgent' : 'refresh');
  }
  const { depth, delayed } = queue.snapshot();
  expect(depth.urgent + depth.refresh).toBe(1_000);
  expect(delayed).toBeLessThanOrEqual(1_000);
});

test('a million keys that fail, wait, come again and succeed leave nothing behind', async () => {
  const { clock, queue } = workQueue();
  for (let i = 0; i < 1_000_000; i += 1) {
    const name = `key-${i}`;
    queue.add(name);
    await queue.get();
    queue.addAfter(name, 60_000);
    queue.addRateLimited(name);
    queue.add(name, 'refresh');
    queue.done(name);
    await queue.get();
    queue.forget(name);
    queue.done(name);
  }
  expect(queue.snapshot()).toMatchObject({ depth: { urgent: 0, refresh: 0 }, delayed: 0, processing: 0 });
  expect(clock.pendingTimers).toBeLessThanOrEqual(1);
});
