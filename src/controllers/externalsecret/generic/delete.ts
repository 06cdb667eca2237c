/** Deletes generic targets that an ExternalSecret owns and no longer wants. ESO deletes by name, whoever owns them. */
import type { ExternalSecret } from '../../../api/externalsecret.ts';
import type { KubeObject } from '../../../api/object.ts';
import { metadataOnly, type Resource } from '../../../api/resource.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { isNotFound } from '../../../kube/errors.ts';
import { orMissing } from '../../../kube/ormissing.ts';
import { ownerHashOf } from '../identity.ts';
import { controllerOf } from '../observedsecret.ts';
import { targetOf } from './desired.ts';
import type { ObservedResource } from './observed.ts';

type Kube = Pick<KubeClient, 'get' | 'delete'>;

/** What the informer of a kind shows. */
export interface ManagedTargets {
  readonly resource: Resource;
  readonly managed: Iterable<ObservedResource>;
}

/** Deletes the target if this ExternalSecret controls it. Answers whether there was something to delete. */
export async function deleteGenericTarget(
  kube: Kube,
  externalSecret: ExternalSecret,
  resource: Resource,
  signal: AbortSignal,
): Promise<boolean> {
  const target = await orMissing(kube.get(metadataOnly(resource), targetOf(externalSecret), { signal }));
  return (
    target !== undefined && isControlledBy(target, externalSecret) && deleteExactly(kube, resource, target, signal)
  );
}

/** Deletes what this ExternalSecret created under names that `spec.target.name` had before. Answers their names. */
export async function deleteGenericOrphans(
  kube: Kube,
  externalSecret: ExternalSecret,
  { resource, managed }: ManagedTargets,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { namespace, name } = targetOf(externalSecret);
  const createdBy = ownerHashOf(externalSecret);
  const deleted: string[] = [];
  for (const target of managed) {
    const { metadata } = target;
    const isOrphan = metadata.namespace === namespace && metadata.name !== name && target.createdBy === createdBy;
    if (!isOrphan || !isControlledBy(target, externalSecret)) continue;
    if (await deleteExactly(kube, resource, target, signal)) deleted.push(metadata.name ?? '');
  }
  return deleted;
}

function isControlledBy({ metadata }: KubeObject, externalSecret: ExternalSecret): boolean {
  return controllerOf(metadata)?.uid === externalSecret.metadata.uid;
}

/** Only this very object: one of the same name that was created since is somebody else's. */
async function deleteExactly(
  kube: Kube,
  resource: Resource,
  { metadata }: KubeObject,
  signal: AbortSignal,
): Promise<boolean> {
  const { name = '', namespace = '', uid } = metadata;
  try {
    await kube.delete(resource, { namespace, name }, { signal, ...(uid !== undefined && { uid }) });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
