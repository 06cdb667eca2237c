/** Stores that were edited while no operator ran: no event tells of it, their managed fields do. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import { lastWriteMs } from '../lastwrite.ts';
import type { ExternalSecretDeps } from './deps.ts';
import { storeRefsOf } from './sources.ts';

/** Whether a store that may be used was written after the last sync. Times are of whole seconds; within one, events tell. */
export function isStoreNewerThanSync(
  deps: Pick<ExternalSecretDeps, 'stores'>,
  { metadata, spec, status }: ExternalSecret,
): boolean {
  if (!status?.refreshTime) return false;
  const syncedAtMs = Date.parse(status.refreshTime);
  return storeRefsOf({ metadata, spec }).some((reference) => {
    const verdict = deps.stores.resolve(reference, metadata.namespace);
    return verdict.usable && (lastWriteMs(verdict.store.metadata) ?? 0) > syncedAtMs;
  });
}
