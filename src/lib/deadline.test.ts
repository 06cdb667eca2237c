import { describe, expect, it } from 'vitest';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import { deadline } from './deadline.ts';

describe('a deadline', () => {
  it('aborts when its time is up, and says that it was the time', () => {
    const clock = new FakeClock();
    const limit = deadline(clock, 1_000, new AbortController().signal);
    clock.advance(999);
    expect(limit.signal.aborted).toBe(false);
    clock.advance(1);
    expect(limit.signal.aborted).toBe(true);
    expect(limit.isOver).toBe(true);
  });

  it('aborts with the outer signal and its reason, and says that it was not the time', () => {
    const clock = new FakeClock();
    const outer = new AbortController();
    const limit = deadline(clock, 1_000, outer.signal);
    const reason = new Error('given up');
    outer.abort(reason);
    clock.advance(2_000);
    expect(limit.signal.reason).toBe(reason);
    expect(limit.isOver).toBe(false);
  });

  it('is aborted from the start when the outer signal is', () => {
    const reason = new Error('given up');
    expect(deadline(new FakeClock(), 1_000, AbortSignal.abort(reason)).signal.reason).toBe(reason);
  });

  it('leaves no timer and no listener behind when the work ends in time', () => {
    const clock = new FakeClock();
    const outer = new AbortController();
    const limit = deadline(clock, 1_000, outer.signal);
    limit.end();
    expect(clock.pendingTimers).toBe(0);
    outer.abort();
    expect(limit.signal.aborted).toBe(false);
  });
});
