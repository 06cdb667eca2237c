/** Leaves ExternalSecrets alone whose store or generator belongs to another operator (`spec.controller`). */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { ExternalSecretDeps } from './deps.ts';
import { generatorRefsOf, storeRefsOf } from './sources.ts';

/** False: another class looks after one of its sources, so nothing is done and nothing is said. */
export async function isOwnClass(
  deps: Pick<ExternalSecretDeps, 'stores' | 'generators'>,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<boolean> {
  const { namespace } = externalSecret.metadata;
  for (const reference of storeRefsOf(externalSecret)) {
    const verdict = deps.stores.resolve(reference, namespace);
    if (!verdict.usable && verdict.reason === 'otherClass') return false;
  }
  for (const reference of generatorRefsOf(externalSecret)) {
    if (!(await deps.generators.isOwnClass(reference, namespace, signal))) return false;
  }
  return true;
}
