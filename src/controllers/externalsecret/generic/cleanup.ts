/** What is left to do with a generic target when its ExternalSecret is deleted. */
import type { ExternalSecret } from '../../../api/externalsecret.ts';
import { TerminalError } from '../../../runtime/errors.ts';
import type { ExternalSecretDeps } from '../deps.ts';
import { deleteGenericTarget } from './delete.ts';
import { genericTargetOf } from './target.ts';

/**
 * Deletes the target if this ExternalSecret controls it. Where such targets are not allowed, or there is no such kind,
 * nothing is left to do: the garbage collector removes what is owned.
 */
export async function cleanUpResource(
  { kube, genericTargets }: Pick<ExternalSecretDeps, 'kube' | 'genericTargets'>,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<void> {
  const manifest = genericTargetOf(externalSecret);
  if (manifest === undefined || genericTargets === undefined) return;
  try {
    const resource = await genericTargets.find(manifest, signal);
    if (resource !== undefined) await deleteGenericTarget(kube, externalSecret, resource, signal);
  } catch (error) {
    // It can never have had a target.
    if (!(error instanceof TerminalError)) throw error;
  }
}
