/** Sync windows: when a periodic refresh is permitted (`spec.syncWindows`). */
import { Cron } from 'croner';
import type { SyncWindow, SyncWindows } from '../../api/syncwindows.ts';
import { durationMsOr } from '../../lib/duration.ts';

export interface WindowVerdict {
  readonly permitted: boolean;
  /** When a blocked refresh should look again, in milliseconds; undefined when it is permitted or no change is in sight. */
  readonly retryInMs?: number;
}

/** How far ahead a blocked refresh looks for its next opening; a longer wait is cut into steps of this size. */
const horizonMs = 24 * 60 * 60 * 1000;
const minuteMs = 60_000;

/**
 * Whether a time-based refresh may run at `nowMs`. As ESO 2.9 does: a window is open from a firing of its schedule until
 * `duration` later, both ends included; a schedule that cannot be parsed is ignored; an unknown kind permits.
 * Unlike ESO, which retries blocked refreshes with backoff, a blocked verdict says when the next change comes.
 */
export function evaluateWindows(windows: SyncWindows | undefined, nowMs: number): WindowVerdict {
  if (windows === undefined || isPermitted(windows, nowMs)) return { permitted: true };
  for (let atMs = nextMinute(nowMs); atMs <= nowMs + horizonMs; atMs = atMs + minuteMs) {
    if (isPermitted(windows, atMs)) return { permitted: false, retryInMs: atMs - nowMs };
  }
  return { permitted: false, retryInMs: horizonMs };
}

/** `evaluateWindows(…).permitted` without the costly search for the next change. */
export function isPermitted(windows: SyncWindows, atMs: number): boolean {
  const open = windows.windows.some((window) => isOpen(window, atMs));
  if (windows.kind === 'allow') return open;
  if (windows.kind === 'deny') return !open;
  return true;
}

function isOpen(window: SyncWindow, atMs: number): boolean {
  const durationMs = durationMsOr(window.duration, undefined);
  if (durationMs === undefined) return false;
  const firing = nextFiring(window.schedule, atMs - durationMs);
  return firing !== undefined && firing <= atMs;
}

/** The first firing at or after `fromMs`. */
function nextFiring(schedule: string, fromMs: number): number | undefined {
  const every = /^@every\s+(\S+)$/.exec(schedule.trim());
  if (every?.[1] !== undefined) {
    // A constant delay has no anchor: its next firing is one delay after the moment asked about.
    const delayMs = durationMsOr(every[1], undefined);
    return delayMs === undefined ? undefined : fromMs + Math.max(1000, delayMs);
  }
  try {
    const cron = new Cron(schedule.trim().replaceAll('?', '*'), { timezone: 'UTC', paused: true, mode: '5-part' });
    return cron.nextRun(new Date(fromMs - 1000))?.getTime();
  } catch {
    return undefined; // An unparseable schedule is ignored, as in ESO; admission reports it.
  }
}

function nextMinute(atMs: number): number {
  return Math.floor(atMs / minuteMs) * minuteMs + minuteMs;
}
