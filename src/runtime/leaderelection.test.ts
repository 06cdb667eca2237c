import { beforeEach, describe, expect, test } from 'vitest';
import { LeaderElector, LeadershipLostError } from './leaderelection.ts';
import { silentLogger } from './logger.ts';
import { FakeClock } from './testing/fakeclock.ts';
import { LeaseTable, type LeaseTableClient } from './testing/leasetable.ts';

let clock: FakeClock;
let table: LeaseTable;

beforeEach(() => {
  clock = new FakeClock();
  table = new LeaseTable();
});

interface Candidate {
  readonly kube: LeaseTableClient;
  readonly elector: LeaderElector;
  /** Ends the lead in order. */
  readonly stop: () => void;
  /** Undefined: ended in order. */
  readonly ended: Promise<unknown>;
  readonly states: boolean[];
  isLostTold: boolean;
}

/** A process that leads until it is told to stop or that it lost. */
function candidate(identity: string): Candidate {
  const kube = table.client();
  const abort = new AbortController();
  const states: boolean[] = [];
  const elector = new LeaderElector({
    kube,
    lease: { namespace: 'ns', name: 'external-secrets-controller' },
    identity,
    clock,
    log: silentLogger,
    random: () => 0,
    onLeading: (isLeading) => states.push(isLeading),
  });
  const lead = (lost: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      abort.signal.addEventListener('abort', () => resolve());
      lost.addEventListener('abort', () => {
        self.isLostTold = true;
        resolve();
      });
    });
  const self: Candidate = {
    kube,
    elector,
    stop: () => abort.abort(new Error('stopped')),
    ended: elector.run(abort.signal, lead).catch((error: unknown) => error),
    states,
    isLostTold: false,
  };
  return self;
}

function holder(): string | undefined {
  return table.lease?.spec?.holderIdentity;
}

describe('taking the lease', () => {
  test('the first process takes it at once and keeps it', async () => {
    const a = candidate('a');
    await clock.advanceAsync(0);
    expect(a.elector.isLeading).toBe(true);
    expect(table.lease?.spec).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:00.000000Z',
      leaseTransitions: 0,
    });
    await clock.advanceAsync(60_000);
    expect(a.isLostTold).toBe(false);
    expect(table.lease?.spec).toMatchObject({
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:01:00.000000Z',
    });
    a.stop();
    await a.ended;
  });

  test('a second process waits as long as the first renews', async () => {
    const a = candidate('a');
    await clock.advanceAsync(0);
    const b = candidate('b');
    await clock.advanceAsync(120_000);
    expect([a.elector.isLeading, b.elector.isLeading]).toEqual([true, false]);
    expect(holder()).toBe('a');
    b.stop();
    expect(String(await b.ended)).toBe('Error: stopped');
    a.stop();
    await a.ended;
  });

  test('a lease that is given back is taken at the next try', async () => {
    const a = candidate('a');
    await clock.advanceAsync(0);
    const b = candidate('b');
    a.stop();
    await clock.advanceAsync(0);
    expect(await a.ended).toBeUndefined();
    expect(holder()).toBe('');
    await clock.advanceAsync(2_000);
    expect(b.elector.isLeading).toBe(true);
    expect(table.lease?.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
    b.stop();
    await b.ended;
  });

  test('a lease whose holder died is taken when it has run out, not before', async () => {
    const a = candidate('a');
    await clock.advanceAsync(0);
    a.kube.isCutOff = true;
    const b = candidate('b');
    await clock.advanceAsync(14_000);
    expect(holder()).toBe('a');
    await clock.advanceAsync(3_000);
    expect(b.elector.isLeading).toBe(true);
    expect(a.isLostTold).toBe(true);
    b.stop();
    await b.ended;
  });

  test('the clock of the holder is not trusted: only what this process saw counts', async () => {
    const spec = {
      holderIdentity: 'x',
      leaseDurationSeconds: 15,
      renewTime: '1999-01-01T00:00:00.000000Z',
      leaseTransitions: 4,
    };
    table.lease = { metadata: { namespace: 'ns', name: 'external-secrets-controller', resourceVersion: '0' }, spec };
    const a = candidate('a');
    await clock.advanceAsync(14_000);
    expect(a.elector.isLeading).toBe(false);
    await clock.advanceAsync(2_000);
    expect(a.elector.isLeading).toBe(true);
    expect(table.lease?.spec).toMatchObject({ holderIdentity: 'a', leaseTransitions: 5 });
    a.stop();
    await a.ended;
  });
});

describe('losing the lease', () => {
  test('a leader that cannot renew stops before another may begin', async () => {
    const a = candidate('a');
    await clock.advanceAsync(5_000);
    a.kube.isCutOff = true;
    await clock.advanceAsync(7_000);
    expect(a.isLostTold).toBe(false);
    await clock.advanceAsync(3_100);
    expect(a.isLostTold).toBe(true);
    expect(await a.ended).toBeInstanceOf(LeadershipLostError);
    expect(a.states).toEqual([true, false]);
    expect(holder()).toBe('a');
  });

  test('a leader that finds the lease in other hands stops at once', async () => {
    const a = candidate('a');
    await clock.advanceAsync(0);
    const stolen = { ...table.lease?.spec, holderIdentity: 'thief', leaseDurationSeconds: 15 };
    table.lease = { metadata: { ...table.lease?.metadata, resourceVersion: '999' }, spec: stolen };
    await clock.advanceAsync(4_000);
    expect(await a.ended).toBeInstanceOf(LeadershipLostError);
    expect(holder()).toBe('thief');
  });

  test('one failed renewal is made good by the next', async () => {
    const a = candidate('a');
    await clock.advanceAsync(1_000);
    a.kube.isCutOff = true;
    await clock.advanceAsync(3_000);
    a.kube.isCutOff = false;
    await clock.advanceAsync(60_000);
    expect(a.elector.isLeading).toBe(true);
    a.stop();
    expect(await a.ended).toBeUndefined();
  });

  test('what the lead throws passes through, and the lease is given back', async () => {
    const elector = new LeaderElector({
      kube: table.client(),
      lease: { namespace: 'ns', name: 'l' },
      identity: 'a',
      clock,
      log: silentLogger,
    });
    const lead = (): Promise<void> => Promise.reject(new Error('bug'));
    await expect(elector.run(new AbortController().signal, lead)).rejects.toThrow('bug');
    expect(holder()).toBe('');
    expect(clock.pendingTimers).toBe(0);
  });
});

test('at no time do two processes lead, whatever is cut off when', async () => {
  const candidates = ['a', 'b', 'c'].map(candidate);
  let seed = 7;
  const random = (n: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % n;
  };
  let hasLed = 0;
  for (let step = 0; step < 400; step += 1) {
    const chosen = candidates[random(3)]!;
    if (random(10) === 0) chosen.kube.isCutOff = !chosen.kube.isCutOff;
    await clock.advanceAsync(500);
    const leading = candidates.filter(({ elector }) => elector.isLeading);
    expect(leading.length).toBeLessThanOrEqual(1);
    hasLed += leading.length;
  }
  expect(hasLed).toBeGreaterThan(0);
  for (const each of candidates) each.stop();
  await clock.advanceAsync(20_000);
  await Promise.all(candidates.map(({ ended }) => ended));
});

test('a renew deadline as long as the lease is refused: two could lead', () => {
  const options = {
    kube: table.client(),
    lease: { namespace: 'ns', name: 'l' },
    identity: 'a',
    clock,
    log: silentLogger,
  };
  expect(() => new LeaderElector({ ...options, leaseDurationMs: 10_000, renewDeadlineMs: 10_000 })).toThrow(RangeError);
});
