/** Leaves ExternalSecrets alone whose store belongs to another operator (`spec.controller`). */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { ExternalSecretDeps } from './deps.ts';
import { storeRefsOf } from './sources.ts';

/** False: another class looks after one of its stores or generators, so nothing is done and nothing is said. */
export function requireOwnClass(deps: ExternalSecretDeps, externalSecret: ExternalSecret): boolean {
  const { namespace } = externalSecret.metadata;
  const isForeign = storeRefsOf(externalSecret).some((reference) => {
    const verdict = deps.stores.resolve(reference, namespace);
    return !verdict.usable && verdict.reason === 'otherClass';
  });
  return !isForeign && deps.generators.areOwnClass(externalSecret);
}
