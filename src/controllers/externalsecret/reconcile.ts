/** One reconcile of one ExternalSecret, from its key to the next time it is due. */

import type { ReconcileContext } from '../../runtime/controller.ts';
import { awaitChange, type Result, requeueAfter } from '../../runtime/result.ts';
import { cleanUp } from './cleanup.ts';
import type { ExternalSecretDeps } from './deps.ts';
import { awaitsFirstCheck, firstCheckGraceMs } from './firstcheck.ts';
import { isForcedRefresh } from './forced.ts';
import { gather } from './gather.ts';
import { syncResource } from './generic/sync.ts';
import { genericTargetOf } from './generic/target.ts';
import { isOwnClass } from './ownclass.ts';
import { evaluateRefresh } from './refresh.ts';
import { forgetFailures, report } from './report.ts';
import { dependencyKindsOf, phaseSourceOf } from './sources.ts';
import { syncSecret } from './syncsecret.ts';

/**
 * Level-based: everything is decided from what the listers show now. Failures are written to the object's condition
 * by `report` and leave as what the queue should do about them.
 */
export async function reconcileExternalSecret(
  deps: ExternalSecretDeps,
  key: string,
  context: ReconcileContext,
): Promise<Result> {
  const externalSecret = deps.view.get(key);
  if (externalSecret === undefined) return forget(deps, key);
  if (!deps.share.isMine(phaseSourceOf(externalSecret))) return leaveToAnother(deps, key);
  if (externalSecret.metadata.deletionTimestamp !== undefined) return cleanUp(deps, externalSecret, context.signal);
  if (!(await isOwnClass(deps, externalSecret, context.signal))) return awaitChange();
  if (awaitsFirstCheck(deps, externalSecret)) return requeueAfter(firstCheckGraceMs);
  await deps.genericTargets?.prepare(externalSecret, context.signal);
  const verdict = evaluateRefresh(gather(deps, externalSecret));
  if (!verdict.refresh) return requeueAfter(verdict.dueInMs ?? Number.POSITIVE_INFINITY);
  await deps.dependencies.listed(dependencyKindsOf(externalSecret), context.signal);
  const sync = genericTargetOf(externalSecret) === undefined ? syncSecret : syncResource;
  const options = { isForced: isForcedRefresh(externalSecret, verdict.reason), signal: context.signal };
  return report(deps, externalSecret, context, (redactor) => sync(deps, externalSecret, redactor, options));
}

/** The object is gone. */
function forget(deps: ExternalSecretDeps, key: string): Result {
  deps.changedDependencies.delete(key);
  return leaveToAnother(deps, key);
}

/** Changes of what it depends on stay marked: when this replica gets it back, nobody else may have seen them. */
function leaveToAnother(deps: ExternalSecretDeps, key: string): Result {
  forgetFailures(deps, key);
  deps.metrics.forget(key);
  return awaitChange();
}
