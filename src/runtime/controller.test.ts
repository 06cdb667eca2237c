import { describe, expect, test } from 'vitest';
import { ApiError } from '../kube/errors.ts';
import { Controller, type Reconcile, type ReconcileResult } from './controller.ts';
import { ShutdownError, TerminalError, WaitError } from './errors.ts';
import { itemRateLimiter } from './ratelimiter.ts';
import { awaitChange, requeueAfter } from './result.ts';
import { FakeClock } from './testing/fakeclock.ts';
import { RecordingLogger } from './testing/recordinglogger.ts';
import { WorkQueue } from './workqueue.ts';

interface World {
  readonly clock: FakeClock;
  readonly queue: WorkQueue;
  readonly log: RecordingLogger;
  readonly controller: Controller;
  /** What the metrics were told. */
  readonly results: ReconcileResult[];
  readonly counted: string[];
  readonly stop: () => Promise<void>;
}

function run(reconcile: Reconcile, options: { concurrency?: number; timeoutMs?: number } = {}): World {
  const clock = new FakeClock();
  const log = new RecordingLogger();
  const queue = new WorkQueue({ clock, rateLimiter: itemRateLimiter({ baseMs: 1_000, maxMs: 60_000, jitter: 0 }) });
  const results: ReconcileResult[] = [];
  const counted: string[] = [];
  const metrics = {
    reconciled: (result: ReconcileResult) => results.push(result),
    failedTerminally: () => counted.push('terminal'),
    panicked: () => counted.push('panic'),
    timedOut: () => counted.push('timeout'),
  };
  const { concurrency = 1, timeoutMs = 120_000 } = options;
  const controller = new Controller({ name: 'thing', reconcile, clock, log, queue, concurrency, timeoutMs, metrics });
  const abort = new AbortController();
  const running = controller.run(abort.signal);
  const stop = async (): Promise<void> => {
    abort.abort();
    await running;
  };
  return { clock, queue, log, controller, results, counted, stop };
}

/** A reconcile that notes when it ran, and then does what it is told for each run; nothing more to do after that. */
function scripted(...steps: (() => Promise<ReturnType<typeof awaitChange>> | ReturnType<typeof awaitChange>)[]): {
  reconcile: Reconcile;
  runs: string[];
} {
  const runs: string[] = [];
  const reconcile: Reconcile = async (key) => {
    runs.push(key);
    return (await steps[runs.length - 1]?.()) ?? awaitChange();
  };
  return { reconcile, runs };
}

function fail(error: unknown): () => never {
  return () => {
    throw error;
  };
}

describe('outcomes', () => {
  test('awaitChange leaves the key alone until it is added again', async () => {
    const { reconcile, runs } = scripted();
    const { clock, queue, results, stop } = run(reconcile);
    queue.add('ns/a');
    await clock.advanceAsync(10 * 3_600_000);
    expect(runs).toEqual(['ns/a']);
    expect(results).toEqual(['success']);
    await stop();
  });

  test('requeueAfter brings the key back at that time', async () => {
    const { reconcile, runs } = scripted(() => requeueAfter(60_000));
    const { clock, queue, results, stop } = run(reconcile);
    queue.add('ns/a');
    await clock.advanceAsync(59_999);
    expect(runs).toHaveLength(1);
    await clock.advanceAsync(1);
    expect(runs).toHaveLength(2);
    expect(results).toEqual(['requeue_after', 'success']);
    await stop();
  });

  test('a WaitError waits its own time, without backoff and without alarm', async () => {
    const wait = fail(new WaitError('StoreNotReady', 'the store is not ready', { retryAfterMs: 7_000 }));
    const { reconcile, runs } = scripted(wait, wait, wait);
    const { clock, queue, results, log, stop } = run(reconcile);
    queue.add('ns/a');
    await clock.advanceAsync(7_000);
    await clock.advanceAsync(7_000);
    expect(runs).toHaveLength(3);
    expect(results).toEqual(['requeue_after', 'requeue_after', 'requeue_after']);
    expect(log.lines.map(({ level }) => level)).toEqual(['debug', 'debug', 'debug']);
    await stop();
  });

  test('a TerminalError is warned of once and not retried', async () => {
    const { reconcile, runs } = scripted(fail(new TerminalError('InvalidTemplate', 'no such function')));
    const { clock, queue, results, counted, log, stop } = run(reconcile);
    queue.add('ns/a');
    await clock.advanceAsync(24 * 3_600_000);
    expect(runs).toHaveLength(1);
    expect(results).toEqual(['error']);
    expect(counted).toEqual(['terminal']);
    expect(log.lines).toMatchObject([
      { level: 'warn', fields: { controller: 'thing', key: 'ns/a', reason: 'InvalidTemplate' } },
    ]);
    await stop();
  });

  test('any other error is retried with growing waits, and a success forgives', async () => {
    const broken = fail(new Error('connection refused'));
    const { reconcile, runs } = scripted(broken, broken, broken, () => awaitChange(), broken);
    const { clock, queue, results, stop } = run(reconcile);
    const ranAt: number[] = [];
    queue.add('ns/a');
    for (let seconds = 0; seconds < 10; seconds += 1) {
      const before = runs.length;
      await clock.advanceAsync(seconds === 0 ? 0 : 1_000);
      if (runs.length > before) ranAt.push(seconds);
    }
    expect(ranAt).toEqual([0, 1, 3, 7]);
    expect(results).toEqual(['error', 'error', 'error', 'success']);
    queue.add('ns/a');
    await clock.advanceAsync(0);
    await clock.advanceAsync(1_000);
    expect(runs).toHaveLength(6);
    await stop();
  });

  test('a conflict is retried at once-ish, silently', async () => {
    const conflict = new ApiError('changed', { status: 409, reason: 'Conflict' });
    const { reconcile, runs } = scripted(fail(conflict));
    const { clock, queue, results, log, stop } = run(reconcile);
    queue.add('ns/a');
    await clock.advanceAsync(40);
    expect(runs).toHaveLength(2);
    expect(results).toEqual(['requeue', 'success']);
    expect(log.lines.map(({ level }) => level)).toEqual(['debug']);
    await stop();
  });

  test('conflicts that do not end are retried ever more slowly', async () => {
    const conflict = new ApiError('changed', { status: 409, reason: 'Conflict' });
    const runs: number[] = [];
    const { clock, queue, stop } = run(() => {
      runs.push(1);
      throw conflict;
    });
    queue.add('ns/a');
    await clock.advanceAsync(60_000);
    expect(runs.length).toBeLessThan(30);
    await stop();
  });

  test.each([
    ['a thrown string', 'oops'],
    ['undefined', undefined],
    ['an error of the language', new TypeError('x is not a function')],
  ])('%s is counted as a panic and retried like an error', async (_, thrown) => {
    const { reconcile, runs } = scripted(fail(thrown));
    const { clock, queue, results, counted, stop } = run(reconcile);
    queue.add('ns/a');
    await clock.advanceAsync(1_000);
    expect(runs).toHaveLength(2);
    expect(results).toEqual(['error', 'success']);
    expect(counted).toEqual(['panic']);
    await stop();
  });
});

describe('workers', () => {
  test('as many keys as there are workers are reconciled at the same time', async () => {
    const running = new Set<string>();
    let most = 0;
    const { clock, queue, controller, stop } = run(
      async (key) => {
        running.add(key);
        most = Math.max(most, running.size);
        await new Promise<void>((resolve) => clock.setTimer(1_000, resolve));
        running.delete(key);
        return awaitChange();
      },
      { concurrency: 3 },
    );
    for (let i = 0; i < 7; i += 1) queue.add(`ns/${i}`);
    await clock.advanceAsync(500);
    expect(controller.progress).toMatchObject({ isRunning: true, activeWorkers: 3 });
    await clock.advanceAsync(5_000);
    expect(most).toBe(3);
    expect(controller.progress.activeWorkers).toBe(0);
    await stop();
  });

  test('a reconcile that takes too long is aborted and retried', async () => {
    const { clock, queue, results, counted, stop } = run(
      (_, { signal }) => new Promise((__, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      { timeoutMs: 5_000 },
    );
    queue.add('ns/a');
    await clock.advanceAsync(5_000);
    expect(results).toEqual(['error']);
    expect(counted).toEqual(['timeout']);
    await clock.advanceAsync(1_000 + 5_000);
    expect(results).toEqual(['error', 'error']);
    await stop();
  });

  test('a finished reconcile leaves no timer behind', async () => {
    const { clock, queue, stop } = run(async () => awaitChange());
    queue.add('ns/a');
    await clock.advanceAsync(0);
    expect(clock.pendingTimers).toBe(0);
    await stop();
  });
});

describe('shutdown', () => {
  test('what has begun is finished, what waits is left', async () => {
    const finished: string[] = [];
    const { clock, queue, stop } = run(async (key) => {
      await new Promise<void>((resolve) => clock.setTimer(1_000, resolve));
      finished.push(key);
      return awaitChange();
    });
    queue.add('ns/a');
    queue.add('ns/b');
    await clock.advanceAsync(10);
    const stopped = stop();
    await clock.advanceAsync(1_000);
    await stopped;
    expect(finished).toEqual(['ns/a']);
  });

  test('what is aborted by it is neither an error nor retried', async () => {
    const { clock, queue, controller, results, log, stop } = run(
      (_, { signal }) =>
        new Promise((__, reject) => signal.addEventListener('abort', () => reject(new Error('wrapped')))),
    );
    queue.add('ns/a');
    await clock.advanceAsync(0);
    const stopped = stop();
    controller.abortInFlight(new ShutdownError());
    await stopped;
    expect(results).toEqual(['requeue']);
    expect(log.lines.map(({ level }) => level)).toEqual(['debug']);
  });
});
