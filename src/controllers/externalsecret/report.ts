/** The single exit of a sync: condition, event, metrics and what the queue does next are written here and nowhere else. */
import type { ExternalSecret, ExternalSecretStatus, LeaseStatus } from '../../api/externalsecret.ts';
import { externalSecrets as resource } from '../../api/resources.ts';
import { isConflict, isNotFound } from '../../kube/errors.ts';
import { timestamp } from '../../lib/timestamp.ts';
import type { ReconcileContext } from '../../runtime/controller.ts';
import { toError } from '../../runtime/errors.ts';
import { keyOf } from '../../runtime/key.ts';
import { type Result, requeueAfter } from '../../runtime/result.ts';
import { conditionMessage } from '../conditionmessage.ts';
import type { ExternalSecretDeps } from './deps.ts';
import { refreshIntervalMs } from './gather.ts';
import { genericTargetOf } from './generic/target.ts';
import { syncedVersionOf } from './identity.ts';
import { leaseDueAtMs } from './lease.ts';
import { type ConditionChange, type Retry, readyCondition, retryOf, type SyncOutcome } from './outcome.ts';
import { nextRefreshMs, refreshPhaseMs } from './phase.ts';
import { Redactor } from './redactor.ts';
import { phaseSourceOf, storeReferencesOf } from './sources.ts';

export type Sync = (redactor: Redactor) => Promise<SyncOutcome>;

/** Runs the sync and tells the world how it went. @throws what the queue shall retry with backoff */
export async function report(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  context: ReconcileContext,
  sync: Sync,
): Promise<Result> {
  const startedAtMs = deps.clock.now();
  const key = keyOf(externalSecret);
  const isMarked = deps.changedDependencies.delete(key);
  deps.metrics.syncStarted(externalSecret);
  try {
    return await settle(deps, externalSecret, context, sync, startedAtMs);
  } catch (thrown) {
    // Nothing in the object says that this was not done: the next attempt has to know.
    if (isMarked) deps.changedDependencies.add(key);
    throw thrown;
  } finally {
    deps.metrics.syncEnded(externalSecret, deps.clock.now() - startedAtMs);
  }
}

/** A status that cannot be written is thrown as it is: it does not make a failure of a sync that went well. */
async function settle(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  context: ReconcileContext,
  sync: Sync,
  startedAtMs: number,
): Promise<Result> {
  const redactor = new Redactor();
  let outcome: SyncOutcome;
  try {
    outcome = await sync(redactor);
  } catch (thrown) {
    if (context.signal.aborted || isConflict(thrown)) throw thrown;
    return reportFailure(deps, externalSecret, redactor, thrown, context);
  }
  return reportSuccess(deps, externalSecret, outcome, startedAtMs, context.signal);
}

/** The object's next failure is its first again. */
export function forgetFailures(deps: ExternalSecretDeps, key: string): void {
  deps.slowRetries.forget(key);
  deps.outageRetries.forget(key);
  deps.outages.forget(key);
}

async function reportSuccess(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  outcome: SyncOutcome,
  startedAtMs: number,
  signal: AbortSignal,
): Promise<Result> {
  const key = keyOf(externalSecret);
  await publishSuccess(deps, externalSecret, outcome, startedAtMs, signal);
  forgetFailures(deps, key);
  deps.wake(deps.outages.succeeded(storeReferencesOf(externalSecret), key));
  const leaseMs = delayToLeaseEnd(deps, externalSecret, outcome.leases, startedAtMs);
  return requeueAfter(Math.min(delayToNextRefresh(deps, externalSecret, startedAtMs), leaseMs));
}

async function publishSuccess(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  outcome: SyncOutcome,
  startedAtMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { event, bindingName, leases = [] } = outcome;
  const hasLeases = leases.length > 0 || externalSecret.status?.leases !== undefined;
  if (event !== undefined) deps.recorder.normal(externalSecret, event.reason, event.message);
  const change: ConditionChange = { status: 'True', reason: outcome.reason, message: outcome.message };
  await writeStatus(deps, externalSecret, signal, change, {
    refreshTime: timestamp(startedAtMs),
    syncedResourceVersion: syncedVersionOf(externalSecret),
    ...(bindingName !== undefined && { binding: { name: bindingName } }),
    ...(hasLeases && { leases }),
  });
}

async function reportFailure(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  redactor: Redactor,
  thrown: unknown,
  context: ReconcileContext,
): Promise<Result> {
  const message = conditionMessage(redactor.clean(toError(thrown).message));
  const reason = genericTargetOf(externalSecret) !== undefined ? 'ResourceSyncedError' : 'SecretSyncedError';
  deps.metrics.syncFailed(externalSecret);
  deps.recorder.warning(externalSecret, 'UpdateFailed', message);
  await writeStatus(deps, externalSecret, context.signal, { status: 'False', reason, message }, {});
  const retry = retryOf(thrown);
  // The controller logs what is thrown; it must not see the cause, which may quote values.
  if (retry.kind === 'backoff') throw new ReportedError(message);
  const retryInMs = retryDelayMs(deps, externalSecret, retry);
  context.log.warn({ reason, error: message, retryInMs }, 'sync failed');
  return requeueAfter(retryInMs);
}

function retryDelayMs(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  retry: Exclude<Retry, { kind: 'backoff' }>,
): number {
  switch (retry.kind) {
    case 'after':
      return retry.delayMs;
    case 'slowBackoff':
      return Math.min(
        deps.slowRetries.next(keyOf(externalSecret)),
        delayToNextRefresh(deps, externalSecret, deps.clock.now()),
      );
    case 'outage': {
      const key = keyOf(externalSecret);
      return Math.min(deps.outageRetries.next(key), deps.outages.failed(storeReferencesOf(externalSecret), key));
    }
    case 'nextRefresh':
      return delayToNextRefresh(deps, externalSecret, deps.clock.now());
  }
}

/** A failure that stands in the object's condition already, with values removed from its message. */
export class ReportedError extends Error {
  override readonly name = 'ReportedError';
}

/** Until the first of the leases has to be replaced. */
function delayToLeaseEnd(
  deps: ExternalSecretDeps,
  { metadata, spec }: ExternalSecret,
  leases: readonly LeaseStatus[] | undefined,
  refreshedAtMs: number,
): number {
  const dueAtMs = leaseDueAtMs({ metadata, status: { refreshTime: timestamp(refreshedAtMs), leases } });
  if (dueAtMs === undefined || spec.refreshPolicy === 'CreatedOnce') return Number.POSITIVE_INFINITY;
  return Math.max(0, dueAtMs - deps.clock.now());
}

/** Until the next slot; without an interval until something changes. */
function delayToNextRefresh(deps: ExternalSecretDeps, externalSecret: ExternalSecret, refreshedAtMs: number): number {
  const { refreshPolicy } = externalSecret.spec;
  const intervalMs = refreshIntervalMs(externalSecret);
  if (intervalMs === 0 || refreshPolicy === 'CreatedOnce' || refreshPolicy === 'OnChange')
    return Number.POSITIVE_INFINITY;
  const phaseMs = refreshPhaseMs(phaseSourceOf(externalSecret), intervalMs);
  const dueAtMs = nextRefreshMs(Math.floor(refreshedAtMs / 1000) * 1000, deps.startedAtMs, intervalMs, phaseMs);
  return Math.max(0, dueAtMs - deps.clock.now());
}

/** One PATCH, and none when nothing would change. An object that is gone needs no status. */
async function writeStatus(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
  change: ConditionChange,
  fields: Partial<ExternalSecretStatus>,
): Promise<void> {
  const { namespace, name, uid } = externalSecret.metadata;
  const before = externalSecret.status;
  const conditions = readyCondition(before?.conditions, change, timestamp(deps.clock.now()));
  const status: ExternalSecretStatus = { ...before, ...fields, conditions };
  deps.metrics.conditionChanged(externalSecret, change.status);
  if (isSameStatus(before, status)) return;
  try {
    const written = await deps.kube.setStatus(resource, { namespace, name, uid }, status, { signal });
    deps.view.wrote(externalSecret, status, written.metadata.resourceVersion);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function isSameStatus(before: ExternalSecretStatus | undefined, after: ExternalSecretStatus): boolean {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after);
}
