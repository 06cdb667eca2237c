/** Deletes Secrets that an ExternalSecret owns and no longer wants. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import { secrets as secretResource } from '../../kube/resources.ts';
import { joinKey } from '../../runtime/key.ts';
import type { Lister } from '../../runtime/lister.ts';
import { targetNameOf } from './desiredsecret.ts';
import { ownerHashOf } from './identity.ts';
import { controllerOf, type ObservedSecret } from './observedsecret.ts';

export interface DeleteDeps {
  readonly kube: Pick<KubeClient, 'delete'>;
  readonly managedSecrets: Lister<ObservedSecret, 'createdBy'>;
}

/** Deletes the target if this ExternalSecret controls it. Answers whether there was something to delete. */
export async function deleteTarget(
  deps: DeleteDeps,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<boolean> {
  const key = joinKey(externalSecret.metadata.namespace, targetNameOf(externalSecret));
  const target = deps.managedSecrets.get(key);
  if (target === undefined || controllerOf(target.metadata)?.uid !== externalSecret.metadata.uid) return false;
  return deleteSecret(deps, target, signal);
}

/** Deletes what this ExternalSecret created under names that `spec.target.name` had before. Answers their names. */
export async function deleteOrphans(
  deps: DeleteDeps,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { namespace } = externalSecret.metadata;
  const orphans = deps.managedSecrets
    .byIndex('createdBy', `${namespace}/${ownerHashOf(externalSecret)}`)
    .filter((secret) => secret.metadata.name !== targetNameOf(externalSecret));
  const deleted: string[] = [];
  for (const orphan of orphans) {
    if (await deleteSecret(deps, orphan, signal)) deleted.push(orphan.metadata.name ?? '');
  }
  return deleted;
}

/** Only this very object: a Secret of the same name that was created since is somebody else's. */
async function deleteSecret(deps: DeleteDeps, secret: ObservedSecret, signal: AbortSignal): Promise<boolean> {
  const { name = '', namespace = '', uid } = secret.metadata;
  try {
    await deps.kube.delete(secretResource, { namespace, name }, { signal, ...(uid !== undefined && { uid }) });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
