/** Predicates over updates: which of them are worth a reconcile. */
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../api/object.ts';

/** Anything but the status changed. Most status writes are a controller's own, and reconcile decides by the rest. */
export function isEdited({ metadata: now }: KubeObject, { metadata: before }: KubeObject): boolean {
  return (
    now.generation !== before.generation ||
    now.deletionTimestamp !== before.deletionTimestamp ||
    !isDeepStrictEqual(now.labels, before.labels) ||
    !isDeepStrictEqual(now.annotations, before.annotations) ||
    !isDeepStrictEqual(now.finalizers, before.finalizers)
  );
}
