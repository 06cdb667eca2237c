/** Owner references: who is deleted together with whom, and who is in charge. */
import type { KubeObject, OwnerReference } from '../api/object.ts';
import { apiVersionOf, type Resource } from '../api/resource.ts';

/** The reference that makes `owner` the controller of an object; an object has at most one controller. */
export function controllerReference(resource: Resource, owner: KubeObject): OwnerReference {
  const { name = '', uid = '' } = owner.metadata;
  const apiVersion = apiVersionOf(resource);
  return { apiVersion, kind: resource.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** Whether both name the same owner: versions of the API come and go, so they do not count (as in controller-runtime). */
export function isSameOwner(a: OwnerReference, b: OwnerReference): boolean {
  return a.kind === b.kind && a.name === b.name && groupOf(a.apiVersion) === groupOf(b.apiVersion);
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}
