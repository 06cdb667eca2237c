/** Keys name objects of one kind in queues and stores: `namespace/name`, or `name` in cluster scope. */
import type { KubeObject, ObjectName } from '../api/object.ts';

export function keyOf(object: KubeObject): string {
  return joinKey(object.metadata.namespace, object.metadata.name ?? '');
}

export function joinKey(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

export function splitKey(key: string): ObjectName {
  const slash = key.indexOf('/');
  return slash === -1 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
