/** Decides, from gathered facts alone, whether an ExternalSecret must be synced now and if not, when. */
import type { SyncWindows } from '../../api/syncwindows.ts';
import { nextRefreshMs } from './phase.ts';
import { evaluateWindows } from './syncwindow.ts';

export interface RefreshInput {
  readonly nowMs: number;
  /** When this process started. */
  readonly startedAtMs: number;
  readonly policy: string;
  readonly intervalMs: number;
  readonly phaseMs: number;
  readonly windows?: SyncWindows | undefined;
  /** `status.refreshTime`; undefined when never synced. */
  readonly refreshedAtMs?: number | undefined;
  /** `status.syncedResourceVersion`. */
  readonly syncedVersion?: string | undefined;
  /** What `syncedResourceVersion` would be for the object as it is now. */
  readonly currentVersion: string;
  /** Whether the last attempt failed (condition Ready is False). */
  readonly failed: boolean;
  /** Whether the target is there and holds what was written last. */
  readonly targetIntact: boolean;
  /** When values that a dynamic engine lent have to be replaced, in epoch milliseconds. */
  readonly leaseDueAtMs?: number | undefined;
  /** Whether something that this object depends on changed since its last sync (a template source, a store, a person's wish). */
  readonly dependencyChanged: boolean;
}

export type RefreshVerdict =
  | { readonly refresh: true; readonly reason: RefreshReason }
  /** `dueInMs` undefined: nothing is due until something changes. */
  | { readonly refresh: false; readonly dueInMs: number | undefined };

export type RefreshReason =
  | 'NeverSynced'
  | 'SpecChanged'
  | 'TargetChanged'
  | 'DependencyChanged'
  | 'LastAttemptFailed'
  | 'LeaseEnding'
  | 'Due';

type Check = (input: RefreshInput) => RefreshReason | undefined;

const neverSynced: Check = (input) =>
  input.refreshedAtMs === undefined || !input.syncedVersion ? 'NeverSynced' : undefined;
const targetChanged: Check = (input) => (input.targetIntact ? undefined : 'TargetChanged');
const specChanged: Check = (input) => (input.syncedVersion === input.currentVersion ? undefined : 'SpecChanged');
const dependencyChanged: Check = (input) => (input.dependencyChanged ? 'DependencyChanged' : undefined);
const lastAttemptFailed: Check = (input) => (input.failed ? 'LastAttemptFailed' : undefined);

const leaseEnding: Check = ({ leaseDueAtMs, nowMs }) =>
  leaseDueAtMs !== undefined && leaseDueAtMs <= nowMs ? 'LeaseEnding' : undefined;

const onceChecks: readonly Check[] = [
  neverSynced, // The first sync is never held back
  targetChanged, // A deleted or edited target is repaired under every policy
];

const changeChecks: readonly Check[] = [
  ...onceChecks,
  specChanged, // Generation, labels or annotations differ from those last synced
  lastAttemptFailed, // The queue's backoff decides how often
  leaseEnding, // Whatever the interval: the values are about to stop working
];

const periodicChecks: readonly Check[] = [
  ...changeChecks,
  dependencyChanged, // What it is made from changed; `OnChange` means changes of the object alone
];

/**
 * The refresh decision of ESO 2.9 (`CreatedOnce`, `OnChange`, `Periodic`), without its quirks: an interval of zero still
 * follows edits of the object, and a policy or window that holds a refresh back waits instead of retrying.
 */
export function evaluateRefresh(input: RefreshInput): RefreshVerdict {
  for (const check of checksOf(input.policy)) {
    const reason = check(input);
    if (reason !== undefined) return { refresh: true, reason };
  }
  const verdict: RefreshVerdict = isPeriodic(input)
    ? evaluateSchedule(input, input.refreshedAtMs ?? 0)
    : { refresh: false, dueInMs: undefined };
  if (verdict.refresh || input.leaseDueAtMs === undefined || input.policy === 'CreatedOnce') return verdict;
  return {
    refresh: false,
    dueInMs: Math.min(verdict.dueInMs ?? Number.POSITIVE_INFINITY, input.leaseDueAtMs - input.nowMs),
  };
}

function checksOf(policy: string): readonly Check[] {
  if (policy === 'CreatedOnce') return onceChecks;
  return policy === 'OnChange' ? changeChecks : periodicChecks;
}

function isPeriodic(input: RefreshInput): boolean {
  return input.policy !== 'CreatedOnce' && input.policy !== 'OnChange' && input.intervalMs > 0;
}

function evaluateSchedule(input: RefreshInput, refreshedAtMs: number): RefreshVerdict {
  const dueInMs = nextRefreshMs(refreshedAtMs, input.startedAtMs, input.intervalMs, input.phaseMs) - input.nowMs;
  // A refresh time in the future is a clock that was wrong: refresh rather than wait for it.
  if (dueInMs > 0 && refreshedAtMs <= input.nowMs) return { refresh: false, dueInMs };
  const window = evaluateWindows(input.windows, input.nowMs);
  if (!window.permitted) return { refresh: false, dueInMs: window.retryInMs };
  return { refresh: true, reason: 'Due' };
}
