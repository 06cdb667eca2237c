/** Which owner references of a target are an ExternalSecret's own. Pure. */
import type { OwnerReference } from '../../api/object.ts';

/**
 * Ours, or left by an ExternalSecret that had our name before: names are unique in a namespace, so that one is gone. Who
 * is deleted and made again, or restored from a backup, keeps its target without a gap.
 */
export function isOwnReference(reference: OwnerReference, self: OwnerReference): boolean {
  if (reference.uid === self.uid) return true;
  return reference.kind === self.kind && reference.name === self.name && groupOf(reference) === groupOf(self);
}

function groupOf({ apiVersion }: OwnerReference): string {
  return apiVersion.split('/')[0] ?? '';
}
