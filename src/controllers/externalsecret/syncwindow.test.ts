import { describe, expect, it } from 'vitest';
import { evaluateWindows } from './syncwindow.ts';

const at = (time: string): number => Date.parse(`2026-03-02T${time}Z`);
const daily = (kind: 'allow' | 'deny') => ({ kind, windows: [{ schedule: '0 2 * * *', duration: '1h30m' }] });

describe('evaluateWindows', () => {
  it.each([
    ['01:59:59', false],
    ['02:00:00', true],
    ['03:00:00', true],
    ['03:30:00', true],
    ['03:30:01', false],
  ])('is at %s open: %s, both ends included', (time, open) => {
    expect(evaluateWindows(daily('allow'), at(time)).permitted).toBe(open);
    expect(evaluateWindows(daily('deny'), at(time)).permitted).toBe(!open);
  });

  it('says when a closed allow window opens', () => {
    expect(evaluateWindows(daily('allow'), at('01:30:00'))).toEqual({ permitted: false, retryInMs: 30 * 60_000 });
  });

  it('says when a deny window ends', () => {
    expect(evaluateWindows(daily('deny'), at('03:00:30'))).toEqual({
      permitted: false,
      retryInMs: 31 * 60_000 - 30_000,
    });
  });

  it('permits without windows', () => {
    expect(evaluateWindows(undefined, at('00:00:00'))).toEqual({ permitted: true });
  });

  it('ignores a schedule that nobody can read', () => {
    const windows = { kind: 'deny' as const, windows: [{ schedule: 'every tuesday noon', duration: '1h' }] };
    expect(evaluateWindows(windows, at('12:00:00')).permitted).toBe(true);
  });

  it.each(['@hourly', '0 * * * *', '0 * ? * *'])('knows %s', (schedule) => {
    const windows = { kind: 'allow' as const, windows: [{ schedule, duration: '10m' }] };
    expect(evaluateWindows(windows, at('12:05:00')).permitted).toBe(true);
    expect(evaluateWindows(windows, at('12:15:00')).permitted).toBe(false);
  });

  it('takes a constant delay that is not longer than its window for always open, as its schedule has no anchor', () => {
    const windows = { kind: 'allow' as const, windows: [{ schedule: '@every 10m', duration: '10m' }] };
    expect(evaluateWindows(windows, at('12:03:00')).permitted).toBe(true);
  });

  it('combines day of month and day of week as cron does: either is enough', () => {
    const windows = { kind: 'allow' as const, windows: [{ schedule: '0 12 1 * MON', duration: '1h' }] };
    expect(evaluateWindows(windows, at('12:30:00')).permitted).toBe(true); // a Monday
    expect(evaluateWindows(windows, Date.parse('2026-04-01T12:30:00Z')).permitted).toBe(true); // the first
    expect(evaluateWindows(windows, Date.parse('2026-03-03T12:30:00Z')).permitted).toBe(false);
  });
});
