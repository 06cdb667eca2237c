/** Whether a generic target needs no repair. */
import { findCondition } from '../../../api/conditions.ts';
import type { ExternalSecret } from '../../../api/externalsecret.ts';
import type { TargetView } from './targets.ts';

/** The condition's message after a sync that found nothing and left the target alone. */
export const retainedResourceMessage = 'resource retained due to DeletionPolicy=Retain';

/** The same rules as for Secrets; where the kind cannot be watched, drift is left to the next refresh. */
export function isResourceIntact(externalSecret: ExternalSecret, view: TargetView): boolean {
  const { creationPolicy } = externalSecret.spec.target;
  if (creationPolicy === 'Orphan' || creationPolicy === 'None' || view === 'unwatched') return true;
  return view === undefined ? isMissingOnPurpose(externalSecret) : view.intact;
}

function isMissingOnPurpose(externalSecret: ExternalSecret): boolean {
  const ready = findCondition(externalSecret.status?.conditions, 'Ready');
  return (
    ready?.reason === 'ResourceDeleted' ||
    ready?.reason === 'ResourceMissing' ||
    ready?.message === retainedResourceMessage
  );
}
