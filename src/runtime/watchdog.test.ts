import { beforeEach, describe, expect, test } from 'vitest';
import { configMaps } from '../kube/resources.ts';
import { Controller, type Reconcile } from './controller.ts';
import type { InformerHealth } from './informer.ts';
import { silentLogger } from './logger.ts';
import type { ManagedInformer } from './manager.ts';
import { awaitChange } from './result.ts';
import { FakeClock } from './testing/fakeclock.ts';
import { Watchdog } from './watchdog.ts';
import { WorkQueue } from './workqueue.ts';

const minuteMs = 60_000;
let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
});

function controller(reconcile: Reconcile): Controller {
  const queue = new WorkQueue({ clock });
  const timeoutMs = 120 * minuteMs;
  return new Controller({
    name: 'externalsecret',
    reconcile,
    clock,
    log: silentLogger,
    queue,
    concurrency: 1,
    timeoutMs,
  });
}

function informer(health: Partial<InformerHealth>): ManagedInformer {
  return {
    resource: configMaps,
    health: { synced: true, lastContactAt: 0, lastActivityAt: 0, lastError: undefined, ...health },
    run: () => Promise.resolve(),
    whenSynced: () => Promise.resolve(),
  };
}

function livenessOf(...controllers: Controller[]): string[] {
  return new Watchdog({ clock, informers: [], controllers }).livenessProblems();
}

describe('liveness of a controller', () => {
  test('an idle one is alive, however long', async () => {
    const idle = controller(async () => awaitChange());
    void idle.run(new AbortController().signal);
    await clock.advanceAsync(60 * minuteMs);
    expect(livenessOf(idle)).toEqual([]);
  });

  test('one that waits for leadership is alive though keys wait', async () => {
    const standby = controller(async () => awaitChange());
    standby.queue.add('ns/a');
    await clock.advanceAsync(60 * minuteMs);
    expect(livenessOf(standby)).toEqual([]);
  });

  test('one that works slowly through a long queue is alive', async () => {
    const busy = controller(async () => {
      await new Promise<void>((resolve) => clock.setTimer(4 * minuteMs, resolve));
      return awaitChange();
    });
    for (let i = 0; i < 20; i += 1) busy.queue.add(`ns/${i}`);
    void busy.run(new AbortController().signal);
    for (let passed = 0; passed < 60; passed += 1) {
      await clock.advanceAsync(minuteMs);
      expect(livenessOf(busy)).toEqual([]);
    }
  });

  test('one whose workers hang while keys wait is dead after five minutes', async () => {
    const stuck = controller(() => new Promise(() => {}));
    stuck.queue.add('ns/a');
    stuck.queue.add('ns/b');
    void stuck.run(new AbortController().signal);
    await clock.advanceAsync(5 * minuteMs);
    expect(livenessOf(stuck)).toEqual([]);
    await clock.advanceAsync(1);
    expect(livenessOf(stuck)).toEqual(['externalsecret: keys wait and no worker makes progress']);
  });

  test('one with a single key that never ends is dead after a quarter of an hour', async () => {
    const stuck = controller(() => new Promise(() => {}));
    stuck.queue.add('ns/a');
    void stuck.run(new AbortController().signal);
    await clock.advanceAsync(15 * minuteMs + 1);
    expect(livenessOf(stuck)).toEqual(['externalsecret: a reconcile does not end']);
  });

  test('one whose timer was lost is dead', async () => {
    const forgetful = controller(async () => awaitChange());
    void forgetful.run(new AbortController().signal);
    clock.setTimer = () => () => {};
    forgetful.queue.addAfter('ns/a', 1_000);
    await clock.advanceAsync(5 * minuteMs + 1_001);
    expect(livenessOf(forgetful)).toEqual(['externalsecret: delayed keys are not handed over']);
  });
});

describe('informers', () => {
  test('one that fails and retries is alive, one that does nothing is not', async () => {
    await clock.advanceAsync(20 * minuteMs);
    const retrying = informer({ lastActivityAt: 19 * minuteMs, lastError: new Error('connection refused') });
    const silent = informer({ lastActivityAt: 2 * minuteMs });
    expect(new Watchdog({ clock, informers: [retrying], controllers: [] }).livenessProblems()).toEqual([]);
    expect(new Watchdog({ clock, informers: [silent], controllers: [] }).livenessProblems()).toEqual([
      'configmaps: the informer is stuck',
    ]);
  });

  test('the process is ready when all caches are filled, and says what it waits for', () => {
    const filled = informer({});
    const listing = informer({ synced: false });
    const forbidden = informer({ synced: false, lastError: new Error('cannot list secrets: forbidden') });
    const readiness = (...informers: ManagedInformer[]): string[] =>
      new Watchdog({ clock, informers, controllers: [] }).readinessProblems();
    expect(readiness(filled)).toEqual([]);
    expect(readiness(filled, listing, forbidden)).toEqual([
      'configmaps: not synced: still listing',
      'configmaps: not synced: cannot list secrets: forbidden',
    ]);
  });
});
