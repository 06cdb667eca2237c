/** JSON Merge Patch, RFC 7386: null removes a member, anything that is not an object replaces. */
import { isJsonObject, membersOf } from '../object.ts';

export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  // A map, because a member can have any name, `__proto__` too.
  const patched = new Map(Object.entries(membersOf(target)));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) patched.delete(name);
    else patched.set(name, mergePatched(patched.get(name), value));
  }
  return Object.fromEntries(patched);
}
