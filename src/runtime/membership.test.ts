import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError, ConnectionError } from '../kube/errors.ts';
import { silentLogger } from './logger.ts';
import { groupLabel, Membership } from './membership.ts';
import { FakeClock } from './testing/fakeclock.ts';
import { LeaseBook, type LeaseBookClient } from './testing/leasebook.ts';

const period = 5_000;
const leaseDuration = 15_000;

interface Replica {
  readonly kube: LeaseBookClient;
  /** Whom it sees; undefined before it was told. */
  members: readonly string[] | undefined;
  /** Ends it in order, or as though it were killed. */
  leave(): Promise<void>;
  die(): void;
}

let clock: FakeClock;
let book: LeaseBook;

beforeEach(() => {
  clock = new FakeClock();
  book = new LeaseBook();
});

async function join(identity: string, fault?: Error): Promise<Replica> {
  const kube = book.client();
  kube.fault = fault;
  const stop = new AbortController();
  const replica: Replica = {
    kube,
    members: undefined,
    async leave() {
      stop.abort();
      await ended;
    },
    die() {
      kube.fault = new ConnectionError('dead');
      stop.abort();
    },
  };
  const membership = new Membership({
    kube,
    namespace: 'ns',
    group: 'group',
    identity,
    onChange: (members) => {
      replica.members = members;
    },
    clock,
    log: silentLogger,
  });
  const ended = membership.run(
    stop.signal,
    () => new Promise((resolve) => stop.signal.addEventListener('abort', () => resolve())),
  );
  await clock.advanceAsync(0);
  return replica;
}

describe('a replica', () => {
  it('is alone until another comes, and sees it within a period', async () => {
    const first = await join('a');
    expect(first.members).toEqual(['a']);
    const second = await join('b');
    expect(second.members).toEqual(['a', 'b']);
    await clock.advanceAsync(period);
    expect(first.members).toEqual(['a', 'b']);
  });

  it('says in its lease who it is, and of which group', async () => {
    await join('a');
    const [lease] = book.leases.values();
    expect(lease).toMatchObject({
      metadata: { namespace: 'ns', labels: { [groupLabel]: 'group' } },
      spec: { holderIdentity: 'a', leaseDurationSeconds: 15 },
    });
  });

  it('that leaves is gone within a period', async () => {
    const first = await join('a');
    const second = await join('b');
    await clock.advanceAsync(period);
    await second.leave();
    expect(book.holders).toEqual(['a']);
    await clock.advanceAsync(period);
    expect(first.members).toEqual(['a']);
  });

  it('that dies is gone when its lease has ended, and not before', async () => {
    const first = await join('a');
    const second = await join('b');
    await clock.advanceAsync(period);
    second.die();
    await clock.advanceAsync(leaseDuration - period);
    expect(first.members).toEqual(['a', 'b']);
    await clock.advanceAsync(2 * period);
    expect(first.members).toEqual(['a']);
  });

  it('whose clock is minutes behind is seen all the same', async () => {
    const first = await join('a');
    for (let renewal = 0; renewal < 6; renewal += 1) {
      const renewTime = new Date(clock.now() - 100_000).toISOString();
      book.leases.set('slow', { metadata: { name: 'slow' }, spec: { holderIdentity: 'slow', renewTime } });
      await clock.advanceAsync(period);
    }
    expect(first.members).toEqual(['a', 'slow']);
  });

  it('that died long ago is not waited for, and its lease is swept', async () => {
    const renewTime = new Date(clock.now() - 3_600_000).toISOString();
    book.leases.set('old', { metadata: { name: 'old' }, spec: { holderIdentity: 'old', renewTime } });
    const first = await join('a');
    expect(first.members).toEqual(['a']);
    expect(book.holders).toEqual(['a']);
  });

  it('that is cut off for long takes nobody for dead when it sees again', async () => {
    const first = await join('a');
    await join('b');
    await clock.advanceAsync(period);
    first.kube.fault = new ConnectionError('cut off');
    await clock.advanceAsync(20 * period);
    expect(first.members).toEqual(['a', 'b']);
    first.kube.fault = undefined;
    await clock.advanceAsync(period);
    expect(first.members).toEqual(['a', 'b']);
  });

  it('that may not see leases works as though it were alone, until it may', async () => {
    await join('a');
    const second = await join('b', new ApiError('no', { status: 403, reason: 'Forbidden' }));
    expect(second.members).toBeUndefined();
    second.kube.fault = undefined;
    await clock.advanceAsync(period);
    expect(second.members).toEqual(['a', 'b']);
  });

  it('leaves no timer behind', async () => {
    const first = await join('a');
    await first.leave();
    expect(clock.pendingTimers).toBe(0);
  });
});
