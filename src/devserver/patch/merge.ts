/** JSON Merge Patch, RFC 7386: null removes a member, anything that is not an object replaces. */
import { isJsonObject, type JsonObject } from '../object.ts';

export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const patched: Record<string, unknown> = { ...(isJsonObject(target) ? target : {}) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete patched[name];
    else patched[name] = mergePatched(patched[name], value);
  }
  return patched satisfies JsonObject;
}
