/** A store that was just created, or that nobody looked at since the start, is no failure of those who use it. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { ExternalSecretDeps } from './deps.ts';
import { storeRefsOf } from './sources.ts';

/** So long a store may stay unchecked before its dependents say that they wait for it. */
export const firstCheckGraceMs = 30_000;

/**
 * True: a store is about to be checked for the first time. Its dependents are reconciled when that is done; until then
 * nothing is written about them, or a start with thousands of them would begin with thousands of false alarms.
 */
export function awaitsFirstCheck(
  deps: Pick<ExternalSecretDeps, 'stores' | 'clock' | 'startedAtMs'>,
  externalSecret: ExternalSecret,
): boolean {
  const { namespace } = externalSecret.metadata;
  return storeRefsOf(externalSecret).some((reference) => {
    const verdict = deps.stores.resolve(reference, namespace);
    if (verdict.usable || verdict.reason !== 'notChecked') return false;
    const waitsSinceMs = Math.max(deps.startedAtMs, Date.parse(verdict.createdAt ?? '') || 0);
    return deps.clock.now() - waitsSinceMs < firstCheckGraceMs;
  });
}
