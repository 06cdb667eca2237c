/**
 * Strategic merge patch: a merge patch in which some lists are merged by a key. Those lists are known by the name of
 * the member that holds them, which is enough for the built-in kinds that are served.
 */
import { isEqualJson, isJsonObject, type JsonObject, membersOf } from '../object.ts';

/** By which member the items of a list are told apart; of `finalizers`, the items themselves. */
const mergeKeys: Readonly<Record<string, string | undefined>> = {
  ownerReferences: 'uid',
  finalizers: '',
  secrets: 'name',
  containers: 'name',
  initContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
  ports: 'port',
  conditions: 'type',
  webhooks: 'name',
};

const deleteFrom = '$deleteFromPrimitiveList/';
const directive = /^\$(patch|retainKeys|setElementOrder\/|deleteFromPrimitiveList\/)/;

export function strategicPatched(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  const patched = new Map(Object.entries(retained(membersOf(target), patch['$retainKeys'])));
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith(deleteFrom)) removeItems(patched, name.slice(deleteFrom.length), value);
    else if (value === null || membersOf(value)['$patch'] === 'delete') patched.delete(name);
    else if (!directive.test(name)) patched.set(name, patchedMember(name, patched.get(name), value));
  }
  return Object.fromEntries(patched);
}

function patchedMember(name: string, old: unknown, value: unknown): unknown {
  const key = Object.hasOwn(mergeKeys, name) ? mergeKeys[name] : undefined;
  if (Array.isArray(value) && key !== undefined) return patchedItems(Array.isArray(old) ? old : [], value, key);
  return strategicPatched(old, value);
}

function patchedItems(old: readonly unknown[], patches: readonly unknown[], key: string): readonly unknown[] {
  if (patches.some((patch) => membersOf(patch)['$patch'] === 'replace')) {
    return patches.filter((patch) => membersOf(patch)['$patch'] === undefined);
  }
  const identityOf = (item: unknown): string => JSON.stringify(key === '' ? item : membersOf(item)[key]);
  const items = new Map(old.map((item) => [identityOf(item), item]));
  for (const patch of patches) {
    const identity = identityOf(patch);
    if (membersOf(patch)['$patch'] === 'delete') items.delete(identity);
    else items.set(identity, key === '' ? patch : strategicPatched(items.get(identity), patch));
  }
  return [...items.values()];
}

function retained(target: JsonObject, keys: unknown): JsonObject {
  if (!Array.isArray(keys)) return target;
  return Object.fromEntries(Object.entries(target).filter(([name]) => keys.includes(name)));
}

function removeItems(patched: Map<string, unknown>, name: string, removed: unknown): void {
  const list = patched.get(name);
  if (!Array.isArray(list) || !Array.isArray(removed)) return;
  patched.set(
    name,
    list.filter((item) => !removed.some((each) => isEqualJson(each, item))),
  );
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !directive.test(name)));
}
