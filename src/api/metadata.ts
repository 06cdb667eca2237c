/** The envelopes of stored objects, in namespaces and in cluster scope. */
import type { KubeObject, ObjectMeta } from './object.ts';

/** Metadata that every object has once the API server has stored it. */
export interface StoredMeta extends ObjectMeta {
  readonly name: string;
  readonly uid: string;
}

export interface NamespacedMeta extends StoredMeta {
  readonly namespace: string;
}

export interface NamespacedObject extends KubeObject {
  readonly metadata: NamespacedMeta;
}

export interface ClusterObject extends KubeObject {
  readonly metadata: StoredMeta;
}

/** Objects from informers are shared by everyone who reads them: their types allow no writing, however deep. */
export type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;
