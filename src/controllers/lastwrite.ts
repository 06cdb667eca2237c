/** When somebody last changed what an object says, by the times of its managed fields. */
import type { ManagedFieldsEntry, ObjectMeta } from '../api/object.ts';

/**
 * In epoch milliseconds of whole seconds, by the API server's clock; writes of the status do not count. Undefined: the
 * object does not tell.
 */
export function lastWriteMs({ managedFields = [] }: ObjectMeta): number | undefined {
  const times = managedFields.filter(isOfMain).flatMap(({ time }) => (time === undefined ? [] : Date.parse(time)));
  return times.length === 0 ? undefined : Math.max(...times);
}

function isOfMain({ subresource = '' }: ManagedFieldsEntry): boolean {
  return subresource === '';
}
