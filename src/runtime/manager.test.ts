import { beforeEach, describe, expect, test } from 'vitest';
import { configMaps } from '../kube/resources.ts';
import { Controller, type Reconcile } from './controller.ts';
import type { InformerHealth } from './informer.ts';
import { LeaderElector, LeadershipLostError } from './leaderelection.ts';
import { silentLogger } from './logger.ts';
import { type ManagedInformer, Manager, type ManagerOptions } from './manager.ts';
import { awaitChange } from './result.ts';
import { FakeClock } from './testing/fakeclock.ts';
import { LeaseTable } from './testing/leasetable.ts';
import { WorkQueue } from './workqueue.ts';

let clock: FakeClock;
/** What happened, in order. */
let story: string[];
let abort: AbortController;

beforeEach(() => {
  clock = new FakeClock();
  story = [];
  abort = new AbortController();
});

/** An informer that is synced when the test says so. */
function informer(): ManagedInformer & { readonly sync: () => void } {
  const synced = Promise.withResolvers<void>();
  const health: InformerHealth = { synced: true, lastActivityAt: 0, lastContactAt: 0, lastError: undefined };
  return {
    resource: configMaps,
    health,
    sync: synced.resolve,
    whenSynced(signal) {
      signal.addEventListener('abort', () => synced.reject(signal.reason));
      return synced.promise;
    },
    run: (signal) =>
      new Promise((resolve) => {
        story.push('informer runs');
        signal.addEventListener('abort', () => {
          story.push('informer stops');
          resolve();
        });
      }),
  };
}

function controller(reconcile: Reconcile): Controller {
  const queue = new WorkQueue({ clock });
  return new Controller({ name: 'thing', reconcile, clock, log: silentLogger, queue, concurrency: 2 });
}

/** Undefined: ended in order. */
function run(options: Partial<ManagerOptions>): Promise<unknown> {
  const manager = new Manager({ informers: [], controllers: [], clock, log: silentLogger, ...options });
  return manager.run(abort.signal).catch((error: unknown) => error);
}

describe('the way up', () => {
  test('nothing is reconciled before all caches are filled', async () => {
    const [first, second] = [informer(), informer()];
    const things = controller(async (key) => {
      story.push(`reconciles ${key}`);
      return awaitChange();
    });
    things.queue.add('ns/a');
    const ended = run({ informers: [first, second], controllers: [things] });
    first.sync();
    await clock.advanceAsync(10);
    expect(story).toEqual(['informer runs', 'informer runs']);
    second.sync();
    await clock.advanceAsync(10);
    expect(story.at(-1)).toBe('reconciles ns/a');
    abort.abort();
    expect(await ended).toBeUndefined();
  });

  test('a process that is told to stop before its caches are filled stops in order', async () => {
    const ended = run({ informers: [informer()], closers: [async () => void story.push('closed')] });
    await clock.advanceAsync(10);
    abort.abort();
    expect(await ended).toBeUndefined();
    expect(story).toEqual(['informer runs', 'informer stops', 'closed']);
  });
});

describe('the way down', () => {
  test('running reconciles finish, then informers stop, then the closers run', async () => {
    const things = controller(async (key) => {
      await new Promise<void>((resolve) => clock.setTimer(5_000, resolve));
      story.push(`finished ${key}`);
      return awaitChange();
    });
    const watched = informer();
    watched.sync();
    const closers = [async () => void story.push('flushed'), async () => void story.push('closed')];
    const ended = run({ informers: [watched], controllers: [things], closers });
    await clock.advanceAsync(10);
    things.queue.add('ns/a');
    await clock.advanceAsync(10);
    abort.abort();
    await clock.advanceAsync(5_000);
    expect(await ended).toBeUndefined();
    expect(story).toEqual(['informer runs', 'finished ns/a', 'informer stops', 'flushed', 'closed']);
    expect(clock.pendingTimers).toBe(0);
  });

  test('a reconcile that does not finish in time is aborted', async () => {
    const things = controller(
      (key, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            story.push(`aborted ${key}`);
            reject(signal.reason);
          });
        }),
    );
    const ended = run({ controllers: [things], drainTimeoutMs: 10_000 });
    await clock.advanceAsync(0);
    things.queue.add('ns/a');
    await clock.advanceAsync(0);
    abort.abort();
    await clock.advanceAsync(9_999);
    expect(story).toEqual([]);
    await clock.advanceAsync(1);
    expect(await ended).toBeUndefined();
    expect(story).toEqual(['aborted ns/a']);
  });

  test('a reconcile that ignores its signal does not keep the process', async () => {
    const things = controller(() => new Promise(() => {}));
    const ended = run({
      controllers: [things],
      drainTimeoutMs: 10_000,
      closers: [async () => void story.push('closed')],
    });
    await clock.advanceAsync(0);
    things.queue.add('ns/a');
    await clock.advanceAsync(0);
    abort.abort();
    await clock.advanceAsync(20_000);
    expect(await ended).toBeUndefined();
    expect(story).toEqual(['closed']);
  });

  test('a closer that fails or hangs does not keep the next from running', async () => {
    const closers = [
      () => Promise.reject(new Error('broken')),
      () => new Promise<void>(() => {}),
      async () => void story.push('closed'),
    ];
    const ended = run({ closers });
    await clock.advanceAsync(0);
    abort.abort();
    await clock.advanceAsync(10_000);
    expect(await ended).toBeUndefined();
    expect(story).toEqual(['closed']);
  });
});

describe('leadership', () => {
  function elector(
    table: LeaseTable,
    identity: string,
  ): { elector: LeaderElector; kube: ReturnType<LeaseTable['client']> } {
    const kube = table.client();
    const lease = { namespace: 'ns', name: 'l' };
    return { kube, elector: new LeaderElector({ kube, lease, identity, clock, log: silentLogger, random: () => 0 }) };
  }

  test('the lease is kept while the last reconciles finish, and given back after', async () => {
    const table = new LeaseTable();
    const holders: (string | undefined)[] = [];
    const things = controller(async () => {
      await new Promise<void>((resolve) => clock.setTimer(15_000, resolve));
      holders.push(table.lease?.spec?.holderIdentity);
      return awaitChange();
    });
    const ended = run({ controllers: [things], elector: elector(table, 'a').elector });
    await clock.advanceAsync(10);
    things.queue.add('ns/a');
    await clock.advanceAsync(10);
    abort.abort();
    await clock.advanceAsync(15_000);
    expect(await ended).toBeUndefined();
    expect(holders).toEqual(['a']);
    expect(table.lease?.spec?.holderIdentity).toBe('');
  });

  test('a lost lease aborts what runs at once and ends the process with an error', async () => {
    const { elector: leader, kube } = elector(new LeaseTable(), 'a');
    const things = controller(
      (_, { signal }) =>
        new Promise((__, reject) => {
          signal.addEventListener('abort', () => {
            story.push(`aborted at ${clock.monotonic()}`);
            reject(signal.reason);
          });
        }),
    );
    const ended = run({ controllers: [things], elector: leader, closers: [async () => void story.push('closed')] });
    await clock.advanceAsync(0);
    things.queue.add('ns/a');
    kube.isCutOff = true;
    await clock.advanceAsync(10_000);
    expect(await ended).toBeInstanceOf(LeadershipLostError);
    expect(story).toEqual(['aborted at 10000', 'closed']);
  });

  test('a process that waits for leadership reconciles nothing', async () => {
    const table = new LeaseTable();
    const other = elector(table, 'other');
    const theirs = new AbortController();
    const otherRun = other.elector.run(
      theirs.signal,
      () => new Promise((resolve) => theirs.signal.addEventListener('abort', () => resolve())),
    );
    await clock.advanceAsync(0);
    const things = controller(async () => {
      story.push('reconciled');
      return awaitChange();
    });
    things.queue.add('ns/a');
    const ended = run({ controllers: [things], elector: elector(table, 'a').elector });
    await clock.advanceAsync(60_000);
    expect(story).toEqual([]);
    theirs.abort();
    await clock.advanceAsync(4_000);
    await otherRun;
    expect(story).toEqual(['reconciled']);
    abort.abort();
    await clock.advanceAsync(0);
    expect(await ended).toBeUndefined();
  });
});
