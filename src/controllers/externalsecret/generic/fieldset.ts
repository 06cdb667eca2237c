/** The fields that managers own in an object, from `metadata.managedFields`. Pure. */
import { fieldManagerPrefix } from '../../../api/constants.ts';
import type { ManagedFieldsEntry, ObjectMeta } from '../../../api/object.ts';
import type { TreeMap } from './tree.ts';

/** Names of fields with the fields below them; one without any is owned whole. Lists are owned whole: they are written whole. */
export interface FieldSet extends ReadonlyMap<string, FieldSet> {}

const nothing: FieldSet = new Map();

/** What this manager applied. */
export function appliedFields(metadata: ObjectMeta, manager: string): FieldSet {
  return unionOf(metadata.managedFields?.filter((entry) => entry.manager === manager && isApplied(entry)) ?? []);
}

/** What the ExternalSecrets other than this manager's applied. */
export function fieldsOfOthers(metadata: ObjectMeta, manager: string): FieldSet {
  return unionOf(metadata.managedFields?.filter((entry) => entry.manager !== manager && isOfOurs(entry)) ?? []);
}

/** Every manager of an ExternalSecret that applied something, with that. */
export function appliedByManager(metadata: ObjectMeta): ReadonlyMap<string, FieldSet> {
  const managers = new Set(metadata.managedFields?.filter(isOfOurs).map(({ manager = '' }) => manager));
  return new Map(Array.from(managers, (manager) => [manager, appliedFields(metadata, manager)]));
}

export function unionOfSets(left: FieldSet, right: FieldSet): FieldSet {
  const union = new Map(left);
  for (const [name, below] of right) union.set(name, unionOfSets(union.get(name) ?? nothing, below));
  return union;
}

/** The part of an object that is in the set. */
export function pick(content: TreeMap, fields: FieldSet): TreeMap {
  const picked: TreeMap = new Map();
  for (const [name, below] of fields) {
    const value = content.get(name);
    if (value === undefined) continue;
    picked.set(name, value instanceof Map && below.size > 0 ? pick(value, below) : value);
  }
  return picked;
}

/** Whether the set is exactly the fields of `content`: none that is not owned, and none that is owned no longer. */
export function ownsExactly(fields: FieldSet, content: TreeMap): boolean {
  if (fields.size !== content.size) return false;
  return Array.from(content).every(([name, value]) => {
    const below = fields.get(name);
    if (below === undefined) return false;
    if (!(value instanceof Map)) return true;
    // A map without fields of its own is owned whole: the kind says that it is atomic.
    return below.size === 0 || ownsExactly(below, value);
  });
}

/** The fields under `name`, without those left out. */
export function fieldsUnder(fields: FieldSet, name: string): FieldSet {
  return fields.get(name) ?? nothing;
}

export function without(fields: FieldSet, ...names: readonly string[]): FieldSet {
  return new Map(Array.from(fields).filter(([name]) => !names.includes(name)));
}

function isOfOurs(entry: ManagedFieldsEntry): boolean {
  return isApplied(entry) && entry.manager?.startsWith(fieldManagerPrefix) === true;
}

/** Of the object itself, not of its status. */
function isApplied({ operation, subresource }: ManagedFieldsEntry): boolean {
  return operation === 'Apply' && !subresource;
}

/** A manager has an entry for each API version that it applied in. */
function unionOf(entries: readonly ManagedFieldsEntry[]): FieldSet {
  return entries.map(({ fieldsV1 }) => fieldSetOf(fieldsV1)).reduce(unionOfSets, nothing);
}

/** `f:` members are fields; `k:`, `v:` and `i:` are elements of a list, `.` is the container itself. */
function fieldSetOf(trie: unknown): FieldSet {
  const members = Object.entries(typeof trie === 'object' && trie !== null ? trie : {});
  return new Map(
    members.filter(([name]) => name.startsWith('f:')).map(([name, below]) => [name.slice(2), fieldSetOf(below)]),
  );
}
