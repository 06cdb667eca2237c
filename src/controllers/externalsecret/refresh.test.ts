import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRefreshMs, refreshPhaseMs } from './phase.ts';
import { evaluateRefresh, type RefreshInput } from './refresh.ts';

const hourMs = 3_600_000;
const nowMs = Date.parse('2026-03-01T12:00:00Z');

/** Synced a minute ago, nothing changed, due at the full interval. */
const settled: RefreshInput = {
  nowMs,
  startedAtMs: nowMs - 10 * hourMs,
  policy: 'Periodic',
  intervalMs: hourMs,
  phaseMs: (nowMs - 60_000) % hourMs,
  refreshedAtMs: nowMs - 60_000,
  syncedVersion: '1-abc',
  currentVersion: '1-abc',
  failed: false,
  targetIntact: true,
  dependencyChanged: false,
};

function evaluate(changes: Partial<RefreshInput>): ReturnType<typeof evaluateRefresh> {
  return evaluateRefresh({ ...settled, ...changes });
}

describe('evaluateRefresh', () => {
  it('waits for the slot when nothing changed', () => {
    expect(evaluate({})).toEqual({ refresh: false, dueInMs: hourMs - 60_000 });
  });

  it.each<[string, Partial<RefreshInput>, string]>([
    ['was never synced', { refreshedAtMs: undefined }, 'NeverSynced'],
    ['has no synced version', { syncedVersion: '' }, 'NeverSynced'],
    ['was edited', { currentVersion: '2-abc' }, 'SpecChanged'],
    ['lost its target', { targetIntact: false }, 'TargetChanged'],
    ['failed last time', { failed: true }, 'LastAttemptFailed'],
    ['depends on something that changed', { dependencyChanged: true }, 'DependencyChanged'],
    ['has a lease that is about to end', { leaseDueAtMs: 0 }, 'LeaseEnding'],
    ['is due', { refreshedAtMs: nowMs - hourMs }, 'Due'],
    ['was refreshed in the future, by a wrong clock', { refreshedAtMs: nowMs + hourMs }, 'Due'],
  ])('refreshes what %s', (_, changes, reason) => {
    expect(evaluate(changes)).toEqual({ refresh: true, reason });
  });

  it('follows edits although the interval is zero, and waits for nothing else', () => {
    expect(evaluate({ intervalMs: 0 })).toEqual({ refresh: false, dueInMs: undefined });
    expect(evaluate({ intervalMs: 0, currentVersion: '2-abc' })).toEqual({ refresh: true, reason: 'SpecChanged' });
  });

  it.each(['CreatedOnce', 'OnChange'])('never comes back by itself under %s', (policy) => {
    expect(evaluate({ policy, refreshedAtMs: nowMs - 10 * hourMs })).toEqual({ refresh: false, dueInMs: undefined });
  });

  it('ignores edits under CreatedOnce, but repairs the target', () => {
    const edited = { policy: 'CreatedOnce', currentVersion: '2-abc' };
    expect(evaluate(edited)).toEqual({ refresh: false, dueInMs: undefined });
    expect(evaluate({ ...edited, targetIntact: false })).toEqual({ refresh: true, reason: 'TargetChanged' });
  });

  describe('with sync windows', () => {
    const windows = { kind: 'allow' as const, windows: [{ schedule: '0 14 * * *', duration: '1h' }] };
    const due = { refreshedAtMs: nowMs - hourMs, windows };

    it('waits for the window to open instead of retrying', () => {
      expect(evaluate(due)).toEqual({ refresh: false, dueInMs: 2 * hourMs });
    });

    it('does not hold back a first sync, an edit or a repair', () => {
      expect(evaluate({ ...due, refreshedAtMs: undefined })).toMatchObject({ reason: 'NeverSynced' });
      expect(evaluate({ ...due, currentVersion: '2-abc' })).toMatchObject({ reason: 'SpecChanged' });
      expect(evaluate({ ...due, targetIntact: false })).toMatchObject({ reason: 'TargetChanged' });
    });
  });
});

describe('the phase of refreshes', () => {
  const seconds = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max }).map((value) => value * 1000);
  const times = fc.integer({ min: 1_600_000_000, max: 2_000_000_000 }).map((value) => value * 1000);

  it('never lets a refresh come later than one interval, nor at once again', () => {
    fc.assert(
      fc.property(times, seconds(86_400), fc.string(), (refreshedAtMs, intervalMs, source) => {
        const phaseMs = refreshPhaseMs(source, intervalMs);
        const next = nextRefreshMs(refreshedAtMs, 0, intervalMs, phaseMs);
        expect(next).toBeGreaterThan(refreshedAtMs);
        expect(next).toBeLessThanOrEqual(refreshedAtMs + intervalMs);
      }),
    );
  });

  it('brings together what reads the same secret, whenever it was created', () => {
    fc.assert(
      fc.property(times, seconds(3_600), seconds(3_600), (firstMs, offsetMs, intervalMs) => {
        const phaseMs = refreshPhaseMs('store\nkey', intervalMs);
        const first = nextRefreshMs(firstMs, 0, intervalMs, phaseMs);
        const second = nextRefreshMs(firstMs + offsetMs, 0, intervalMs, phaseMs);
        expect((second - first) % intervalMs).toBe(0);
      }),
    );
  });

  it('does not refresh at a start what was not due before', () => {
    const phaseMs = refreshPhaseMs('store\nkey', hourMs);
    const startedAtMs = nowMs;
    const next = nextRefreshMs(nowMs - 50 * 60_000, startedAtMs, hourMs, phaseMs);
    expect(next).toBeGreaterThan(startedAtMs);
  });

  it('keeps intervals of fractions of a second as they are', () => {
    expect(nextRefreshMs(10_000, 0, 1500, 0)).toBe(11_500);
  });
});
