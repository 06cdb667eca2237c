/** The finalizer of ExternalSecrets: there only while an explicit deletion depends on it. */
import { externalSecretFinalizer } from '../../api/constants.ts';
import type { ExternalSecret } from '../../api/externalsecret.ts';
import { externalSecrets as resource } from '../../api/resources.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';

interface FinalizerDeps {
  readonly kube: Pick<KubeClient, 'mergePatch'>;
}

/**
 * Adds it when the target has to be deleted by us. With every other deletion policy the garbage collector, or nobody,
 * removes the target, and a finalizer could only hold a namespace back.
 */
export async function ensureFinalizer(
  deps: FinalizerDeps,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<void> {
  const { finalizers = [] } = externalSecret.metadata;
  if (externalSecret.spec.target.deletionPolicy !== 'Delete' || finalizers.includes(externalSecretFinalizer)) return;
  await patchFinalizers(deps, externalSecret, [...finalizers, externalSecretFinalizer], signal);
}

/** Lets the object go; also removes the one that ESO put on every ExternalSecret. */
export async function removeFinalizer(
  deps: FinalizerDeps,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<void> {
  const { finalizers = [] } = externalSecret.metadata;
  if (!finalizers.includes(externalSecretFinalizer)) return;
  const others = finalizers.filter((finalizer) => finalizer !== externalSecretFinalizer);
  try {
    await patchFinalizers(deps, externalSecret, others, signal);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** The list is replaced as a whole, so the patch holds only for the version it was made from. */
async function patchFinalizers(
  deps: FinalizerDeps,
  externalSecret: ExternalSecret,
  finalizers: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { namespace, name, resourceVersion } = externalSecret.metadata;
  await deps.kube.mergePatch(resource, { namespace, name }, { metadata: { finalizers, resourceVersion } }, { signal });
}
