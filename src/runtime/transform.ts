/** What an informer leaves out of the objects that it keeps: memory is for what somebody reads. */
import type { KubeObject } from '../api/object.ts';

/** Must not change the object that it is given. */
export type Transform<T extends KubeObject> = (object: T) => T;

/** Managed fields are about half of an object's size, and no reconcile decides by them without reading them fresh. */
export function withoutManagedFields<T extends KubeObject>(object: T): T {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Of the managed fields, who wrote when: for who asks whether an object changed while nobody watched. */
export function withWriteTimes<T extends KubeObject>(object: T): T {
  const { managedFields = [] } = object.metadata;
  const times = managedFields.map((entry) => ({ ...entry, fieldsV1: {} }));
  return { ...object, metadata: { ...object.metadata, managedFields: times } };
}
