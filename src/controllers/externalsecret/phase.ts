/** The phase of periodic refreshes: which moments within its interval an ExternalSecret refreshes at. */
import { hash } from 'node:crypto';

const secondMs = 1000;

/**
 * The offset of an ExternalSecret's slots within its interval. It comes from what is read, not from who reads, so that
 * ExternalSecrets on the same remote secret refresh together (one read serves them) and all others spread evenly.
 */
export function refreshPhaseMs(source: string, intervalMs: number): number {
  const fraction = Number.parseInt(hash('sha1', source, 'hex').slice(0, 12), 16) / 2 ** 48;
  return Math.floor(fraction * (intervalMs / secondMs)) * secondMs;
}

/** The first slot after `afterMs`; always within one interval. */
export function nextSlotMs(afterMs: number, intervalMs: number, phaseMs: number): number {
  const cycles = Math.floor((afterMs - phaseMs) / intervalMs) + 1;
  return cycles * intervalMs + phaseMs;
}

/**
 * When the refresh that follows `refreshedAtMs` is due: at the next slot, never later than one interval after.
 * Slots that passed before this process started are left out, so that a restart or a takeover reads only what is
 * really overdue. `status.refreshTime` has whole seconds, so only intervals of whole seconds have slots.
 */
export function nextRefreshMs(refreshedAtMs: number, startedAtMs: number, intervalMs: number, phaseMs: number): number {
  if (intervalMs % secondMs !== 0) return refreshedAtMs + intervalMs;
  const slot = nextSlotMs(Math.max(refreshedAtMs, startedAtMs), intervalMs, phaseMs);
  return Math.min(slot, refreshedAtMs + intervalMs);
}
