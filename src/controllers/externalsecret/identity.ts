/** The names and hashes by which an ExternalSecret is known elsewhere; byte-exact with ESO 2.9 (behaviour section 0). */
import { externalSecretGroupVersion, fieldManagerPrefix } from '../../api/constants.ts';
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { OwnerReference } from '../../api/object.ts';
import { hashOfMetadata, sha3Hex } from '../../lib/gohash.ts';

/** The longest field manager that ESO writes out in full. */
const maxFieldManagerLength = 63;

/** Field manager of everything written on behalf of the ExternalSecret with this name. */
export function fieldManagerOf(name: string): string {
  const full = `${fieldManagerPrefix}${name}`;
  return full.length <= maxFieldManagerLength ? full : `${fieldManagerPrefix}sha3/${sha3Hex(name)}`;
}

/** The value of the created-by label. */
export function ownerHashOf(externalSecret: ExternalSecret): string {
  return sha3Hex(`${externalSecret.metadata.namespace}/${externalSecret.metadata.name}`);
}

/** `status.syncedResourceVersion` of the object as it is now: changes with its generation, labels and annotations. */
export function syncedVersionOf(externalSecret: ExternalSecret): string {
  const { generation = 0, labels, annotations } = externalSecret.metadata;
  return `${generation}-${hashOfMetadata({ annotations, labels })}`;
}

/** The controller reference that makes the garbage collector remove what the ExternalSecret owns. */
export function externalSecretOwner(externalSecret: ExternalSecret): OwnerReference {
  return {
    apiVersion: externalSecretGroupVersion,
    kind: 'ExternalSecret',
    name: externalSecret.metadata.name,
    uid: externalSecret.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
