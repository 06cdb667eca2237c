/** What is left to do when an ExternalSecret is deleted. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import { keyOf } from '../../runtime/key.ts';
import { awaitChange, type Result } from '../../runtime/result.ts';
import { deleteTarget } from './deletesecret.ts';
import type { ExternalSecretDeps } from './deps.ts';
import { removeFinalizer } from './finalizer.ts';
import { cleanUpResource } from './generic/cleanup.ts';
import { genericTargetOf } from './generic/target.ts';

/** As in ESO: with `deletionPolicy: Delete` the target goes too, if this ExternalSecret controls it. */
export async function cleanUp(
  deps: ExternalSecretDeps,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<Result> {
  if (externalSecret.spec.target.deletionPolicy === 'Delete') {
    if (genericTargetOf(externalSecret) === undefined) await deleteTarget(deps, externalSecret, signal);
    else await cleanUpResource(deps, externalSecret, signal);
  }
  await removeFinalizer(deps, externalSecret, signal);
  deps.metrics.forget(keyOf(externalSecret));
  return awaitChange();
}
