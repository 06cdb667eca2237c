/** Names a kind of object as the API server does, and ties it to the TypeScript type of its objects. */
import type { KubeObject } from './object.ts';

declare const objectType: unique symbol;

export interface Resource<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** The name in URLs and RBAC rules, such as `externalsecrets`. */
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Reads answer with metadata alone (PartialObjectMetadata); see `metadataOnly`. */
  readonly metadataOnly?: true;
  /** Exists for the type checker only. */
  readonly [objectType]?: T;
}

/** The `apiVersion` of the resource's objects: `v1`, `external-secrets.io/v1`. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** An object of which only the identity and metadata were asked for. */
export type MetadataObject = KubeObject;

/** The same resource, read without anything but metadata: for lists and watches of objects whose content is not needed. */
export function metadataOnly(resource: Resource): Resource {
  return { ...resource, metadataOnly: true };
}
