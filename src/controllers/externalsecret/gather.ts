/** Collects from the listers what the refresh decision needs. No request is made here. */
import { findCondition } from '../../api/conditions.ts';
import type { ExternalSecret } from '../../api/externalsecret.ts';
import { durationMsOr } from '../../lib/duration.ts';
import { keyOf } from '../../runtime/key.ts';
import type { ExternalSecretDeps } from './deps.ts';
import { isResourceIntact } from './generic/intact.ts';
import { genericTargetOf } from './generic/target.ts';
import { syncedVersionOf } from './identity.ts';
import { leaseDueAtMs } from './lease.ts';
import { refreshPhaseMs } from './phase.ts';
import type { RefreshInput } from './refresh.ts';
import { phaseSourceOf, targetKeyOf } from './sources.ts';
import { isStoreNewerThanSync } from './storechange.ts';

export function gather(deps: ExternalSecretDeps, externalSecret: ExternalSecret): RefreshInput {
  const { spec, status } = externalSecret;
  const intervalMs = refreshIntervalMs(externalSecret);
  return {
    nowMs: deps.clock.now(),
    startedAtMs: deps.startedAtMs,
    policy: spec.refreshPolicy ?? 'Periodic',
    intervalMs,
    phaseMs: intervalMs > 0 ? refreshPhaseMs(phaseSourceOf(externalSecret), intervalMs) : 0,
    windows: spec.syncWindows,
    refreshedAtMs: status?.refreshTime ? Date.parse(status.refreshTime) : undefined,
    syncedVersion: status?.syncedResourceVersion,
    currentVersion: syncedVersionOf(externalSecret),
    failed: findCondition(status?.conditions, 'Ready')?.status === 'False',
    leaseDueAtMs: leaseDueAtMs(externalSecret),
    targetIntact: isTargetIntact(deps, externalSecret),
    dependencyChanged:
      deps.changedDependencies.has(keyOf(externalSecret)) || isStoreNewerThanSync(deps, externalSecret),
  };
}

/** `status.refreshTime` has whole seconds: shorter intervals would be over as soon as they begin. */
const shortestIntervalMs = 1_000;

/** `spec.refreshInterval` in milliseconds; 0 when it is zero, negative or no duration: refreshed on changes only. */
export function refreshIntervalMs(externalSecret: ExternalSecret): number {
  const intervalMs = durationMsOr(externalSecret.spec.refreshInterval, 0);
  return intervalMs > 0 ? Math.max(shortestIntervalMs, intervalMs) : 0;
}

/**
 * Whether the target needs no repair. As in ESO an Orphan is left to the next refresh; unlike there a policy that
 * writes nothing has nothing to repair. A target whose remote secrets are gone, or that is not ours to create, is
 * missing on purpose: the condition says so.
 */
function isTargetIntact(deps: ExternalSecretDeps, externalSecret: ExternalSecret): boolean {
  if (genericTargetOf(externalSecret) !== undefined) {
    const { genericTargets } = deps;
    return genericTargets === undefined || isResourceIntact(externalSecret, genericTargets.view(externalSecret));
  }
  const { creationPolicy } = externalSecret.spec.target;
  if (creationPolicy === 'Orphan' || creationPolicy === 'None') return true;
  const target = deps.managedSecrets.get(targetKeyOf(externalSecret));
  return target === undefined ? isMissingOnPurpose(externalSecret) : target.intact;
}

function isMissingOnPurpose(externalSecret: ExternalSecret): boolean {
  const ready = findCondition(externalSecret.status?.conditions, 'Ready');
  return ready?.reason === 'SecretDeleted' || ready?.reason === 'SecretMissing' || isRetainedEmpty(ready?.message);
}

function isRetainedEmpty(message: string | undefined): boolean {
  return message === retainedMessage;
}

/** The condition's message after a sync that found nothing and left the Secret alone; ESO's words. */
export const retainedMessage = 'secret retained due to DeletionPolicy=Retain';
