/** The finalizer of stores: there only while a PushSecret needs the store to take back what it pushed. */
import { secretStoreFinalizer } from '../../api/constants.ts';
import { matchesLabelSelector } from '../../api/labelselector.ts';
import type { PushSecret } from '../../api/pushsecret.ts';
import { type StoreKind, storeRefKind } from '../../api/refs.ts';
import type { AnySecretStore } from '../../api/secretstore.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { StoreDeps } from './deps.ts';

type FinalizerDeps = Pick<StoreDeps, 'kind' | 'kube' | 'resource' | 'pushSecrets'>;

/** Adds or removes it, as ESO does; one PATCH when that changes anything. */
export async function settleFinalizer(deps: FinalizerDeps, store: AnySecretStore, signal: AbortSignal): Promise<void> {
  const { finalizers = [], deletionTimestamp, namespace, name, resourceVersion } = store.metadata;
  const isPresent = finalizers.includes(secretStoreFinalizer);
  const isNeeded = [...deps.pushSecrets.values()].some((pushSecret) => needsStore(pushSecret, deps.kind, store));
  // A finalizer cannot be added any more to what is being deleted.
  if (isPresent === isNeeded || (isNeeded && deletionTimestamp !== undefined)) return;
  const others = finalizers.filter((finalizer) => finalizer !== secretStoreFinalizer);
  const patch = { metadata: { finalizers: isNeeded ? [...others, secretStoreFinalizer] : others, resourceVersion } };
  try {
    await deps.kube.mergePatch(deps.resource, { ...(namespace !== undefined && { namespace }), name }, patch, {
      signal,
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Whether the PushSecret has pushed, or will push, to the store and has to delete there. */
function needsStore(pushSecret: PushSecret, kind: StoreKind, store: AnySecretStore): boolean {
  const { namespace, name, labels = {} } = store.metadata;
  if (pushSecret.spec?.deletionPolicy !== 'Delete') return false;
  if (namespace !== undefined && namespace !== pushSecret.metadata.namespace) return false;
  if (pushSecret.status?.syncedPushSecrets?.[`${kind}/${name}`] !== undefined) return true;
  return pushSecret.spec.secretStoreRefs.some((reference) => {
    if (storeRefKind(reference) !== kind) return false;
    return reference.name === name || (!reference.name && matchesLabelSelector(reference.labelSelector, labels));
  });
}
