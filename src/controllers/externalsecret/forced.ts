/** Tells a refresh that a person asked for from those that come by themselves. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { RefreshReason } from './refresh.ts';

/**
 * Only metadata changed since the last sync: somebody set an annotation such as `force-sync`, which is how ESO's users
 * ask for a refresh now.
 */
export function isForcedRefresh(externalSecret: ExternalSecret, reason: RefreshReason): boolean {
  const syncedGeneration = externalSecret.status?.syncedResourceVersion?.split('-')[0];
  return reason === 'SpecChanged' && syncedGeneration === String(externalSecret.metadata.generation ?? 0);
}
