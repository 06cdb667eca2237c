/** Writes the target Secret: POST when it is new, a merge patch guarded by its resourceVersion when it differs. */
import type { KubeClient } from '../../kube/client.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../kube/errors.ts';
import { orMissing } from '../../kube/ormissing.ts';
import { type Secret, secrets as secretResource } from '../../kube/resources.ts';
import { TerminalError } from '../../runtime/errors.ts';
import { joinKey } from '../../runtime/key.ts';
import type { Lister } from '../../runtime/lister.ts';
import { type DesiredSecret, sharesTarget } from './desiredsecret.ts';
import { decodeData, type ObservedSecret, observeSecret } from './observedsecret.ts';
import { planChange, type SecretChange, type SecretPatch } from './secretchange.ts';

export interface ApplyDeps {
  readonly kube: Pick<KubeClient, 'get' | 'create' | 'mergePatch'>;
  readonly managedSecrets: Lister<ObservedSecret, 'createdBy'>;
}

export type Applied = 'created' | 'updated' | 'unchanged' | 'missing';

/** A second look after somebody else wrote first; a third would be a fight. */
const maxAttempts = 2;

/**
 * Brings the target in line with `desired`. What the informer knows is not read again; the Secret is read only when it
 * is not ours yet, when its data is shared with others, or when somebody wrote in between.
 * @throws TerminalError when the target is another's or immutable; ApiError otherwise
 */
export async function applySecret(deps: ApplyDeps, desired: DesiredSecret, signal: AbortSignal): Promise<Applied> {
  const observed = deps.managedSecrets.get(joinKey(desired.namespace, desired.name));
  const first = planChange(desired, observed);
  // A target that is not labelled as managed is unknown to the informer: without permission to create it blindly,
  // only a read can tell a missing one from a foreign one.
  if (first.kind === 'missing' || first.kind === 'readFirst') return applyAfterRead(deps, desired, signal, 1);
  try {
    return await write(deps, desired, first, signal);
  } catch (error) {
    if (!isAlreadyExists(error) && !isConflict(error) && !isNotFound(error)) throw error;
    return applyAfterRead(deps, desired, signal, 1);
  }
}

async function applyAfterRead(
  deps: ApplyDeps,
  desired: DesiredSecret,
  signal: AbortSignal,
  attempt: number,
): Promise<Applied> {
  const live = await readSecret(deps, desired, signal);
  const liveData = sharesTarget(desired.creationPolicy) ? decodeData(live?.data) : undefined;
  const change = planChange(desired, live && observeSecret(live), liveData);
  try {
    return await write(deps, desired, change, signal);
  } catch (error) {
    if (attempt >= maxAttempts || !(isConflict(error) || isAlreadyExists(error))) throw error;
    return applyAfterRead(deps, desired, signal, attempt + 1);
  }
}

function readSecret(deps: ApplyDeps, desired: DesiredSecret, signal: AbortSignal): Promise<Secret | undefined> {
  return orMissing(deps.kube.get(secretResource, { namespace: desired.namespace, name: desired.name }, { signal }));
}

async function write(
  deps: ApplyDeps,
  desired: DesiredSecret,
  change: SecretChange,
  signal: AbortSignal,
): Promise<Applied> {
  const options = { signal, fieldManager: desired.fieldManager };
  switch (change.kind) {
    case 'none':
      return 'unchanged';
    case 'missing':
    case 'readFirst':
      return 'missing';
    case 'create':
      await deps.kube.create(secretResource, change.secret, options);
      return 'created';
    case 'patch':
      return patchSecret(deps, desired, change.patch, change.blockedByImmutability, options);
  }
}

async function patchSecret(
  deps: ApplyDeps,
  desired: DesiredSecret,
  patch: SecretPatch,
  blocked: boolean,
  options: { readonly signal: AbortSignal; readonly fieldManager: string },
): Promise<Applied> {
  await deps.kube.mergePatch(secretResource, { namespace: desired.namespace, name: desired.name }, patch, options);
  if (blocked) {
    throw new TerminalError(
      'SecretSyncedError',
      `could not update secret, target is immutable: delete Secret "${desired.name}" to have it created with the new data`,
    );
  }
  return 'updated';
}
