import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import { type Permit, RateBudget, type RateBudgetOptions } from './budget.ts';
import { ProviderError } from './errors.ts';

const never = new AbortController().signal;

function world(options: Partial<RateBudgetOptions> = {}): { clock: FakeClock; budget: RateBudget } {
  const clock = new FakeClock();
  return { clock, budget: new RateBudget({ clock, random: () => 0, ...options }) };
}

/** Makes a call every `everyMs` for a while and answers the last permit. */
async function callSteadily(clock: FakeClock, budget: RateBudget, everyMs: number, count: number): Promise<Permit> {
  let permit = await budget.acquire(never);
  for (let call = 1; call < count; call += 1) {
    clock.advance(everyMs);
    permit = await budget.acquire(never);
  }
  return permit;
}

describe('the rate budget of a store', () => {
  it('lets a healthy store be called without waiting', async () => {
    const { clock, budget } = world();
    await callSteadily(clock, budget, 2, 500);
    expect(clock.pendingTimers).toBe(0);
    expect(budget.perSecond).toBe(1_000);
  });

  it('slows down from the rate that was really used, at the first complaint', async () => {
    const { clock, budget } = world();
    const permit = await callSteadily(clock, budget, 20, 150);
    budget.throttled(permit);
    expect(budget.perSecond).toBeGreaterThan(30);
    expect(budget.perSecond).toBeLessThan(40);
  });

  it('slows down once for all calls that were under way together', async () => {
    const { clock, budget } = world();
    const permit = await callSteadily(clock, budget, 10, 200);
    for (let call = 0; call < 20; call += 1) budget.throttled(permit);
    expect(budget.perSecond).toBeGreaterThan(60);
    clock.advance(1_000);
    budget.throttled(await budget.acquire(never));
    expect(budget.perSecond).toBeLessThan(5);
  });

  it('makes calls wait for their turn, first come first served', async () => {
    const { clock, budget } = world();
    budget.throttled(await callSteadily(clock, budget, 100, 30));
    const served: number[] = [];
    const waiting = [0, 1, 2].map(async (index) => {
      await budget.acquire(never);
      served.push(index);
    });
    expect(served).toEqual([]);
    await clock.advanceAsync(600);
    await Promise.all(waiting);
    expect(served).toEqual([0, 1, 2]);
  });

  it('pauses for as long as the backend asks', async () => {
    const { clock, budget } = world();
    budget.throttled(await budget.acquire(never), 3_000);
    let served = false;
    const waiting = budget.acquire(never).then(() => {
      served = true;
    });
    await clock.advanceAsync(2_999);
    expect(served).toBe(false);
    await clock.advanceAsync(2_000);
    await waiting;
  });

  it('refuses at once who would wait too long, and says when to come back', async () => {
    const { budget } = world();
    budget.throttled(await budget.acquire(never), 60_000);
    const refused = await budget.acquire(never).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProviderError);
    expect(refused).toMatchObject({ kind: 'throttled' });
    expect((refused as ProviderError).retryAfterMs).toBeGreaterThanOrEqual(60_000);
  });

  it('refuses those who wait already when the wait becomes too long', async () => {
    const { clock, budget } = world({ maxPerSecond: 10 });
    const first = await budget.acquire(never);
    const waiting = [budget.acquire(never), budget.acquire(never)];
    budget.throttled(first, 30_000);
    for (const outcome of await Promise.allSettled(waiting)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'throttled' } });
    }
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not believe a backend that wants silence for days', async () => {
    const { clock, budget } = world();
    budget.throttled(await budget.acquire(never), 30 * 86_400_000);
    clock.advance(3_600_000 + 2_000);
    await budget.acquire(never);
  });

  it('lets a caller give up waiting, and serves the next one in its place', async () => {
    const { clock, budget } = world({ maxPerSecond: 10 });
    await budget.acquire(never);
    const impatient = new AbortController();
    const left = budget.acquire(impatient.signal);
    const stays = budget.acquire(never);
    const reason = new Error('given up');
    impatient.abort(reason);
    await expect(left).rejects.toBe(reason);
    await clock.advanceAsync(100);
    await stays;
    expect(clock.pendingTimers).toBe(0);
  });

  it('rejects an aborted caller before anything else', async () => {
    const { budget } = world();
    const reason = new Error('given up');
    await expect(budget.acquire(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('recovers bit by bit, to the full rate in the end', async () => {
    const { clock, budget } = world();
    budget.throttled(await callSteadily(clock, budget, 10, 200));
    const slowed = budget.perSecond;
    clock.advance(1_000);
    expect(budget.perSecond).toBeCloseTo(slowed * 1.1, 5);
    clock.advance(300_000);
    expect(budget.perSecond).toBe(1_000);
  });

  it('never lets more through than the rate allows, and everyone through in time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 60 }), async (perSecond, callers) => {
        const { clock, budget } = world({ maxPerSecond: perSecond, maxWaitMs: Number.POSITIVE_INFINITY });
        const servedAt: number[] = [];
        const waiting = Array.from({ length: callers }, async () => {
          await budget.acquire(never);
          servedAt.push(clock.monotonic());
        });
        await clock.advanceAsync((callers / perSecond) * 1_000 + callers + 1);
        await Promise.all(waiting);
        for (const [index, at] of servedAt.entries()) {
          const allowed = Math.max(1, perSecond / 10) + (at / 1_000) * perSecond;
          expect(index + 1).toBeLessThanOrEqual(allowed + 1e-3);
        }
      }),
      { numRuns: 50 },
    );
  });
});
