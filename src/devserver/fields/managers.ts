/** `metadata.managedFields`: who wrote which fields. */

import type { ManagedFieldsEntry } from '../../api/object.ts';
import type { StructuralSchema } from '../../api/structural.ts';
import { type ApiObject, withMeta } from '../object.ts';
import { changedFields, presentFields } from './fieldset.ts';
import { difference, type FieldTrie, isEmptySet, union } from './trie.ts';

/** Who writes, and how. */
export interface FieldManager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string | undefined;
}

/** A manager with the fields it owns. */
export interface Ownership extends FieldManager {
  readonly fields: FieldTrie;
  /** When it last changed something, be it only a value. */
  readonly time: string;
}

export function ownershipsOf(object: ApiObject | undefined): readonly Ownership[] {
  return (object?.metadata.managedFields ?? []).map((entry) => ({
    manager: entry.manager ?? '',
    operation: entry.operation ?? 'Update',
    apiVersion: entry.apiVersion ?? '',
    subresource: entry.subresource,
    time: entry.time ?? '',
    // The wire form of a set is the set.
    fields: (entry.fieldsV1 ?? {}) as FieldTrie,
  }));
}

export interface UpdateOwnershipOptions {
  readonly writer: FieldManager;
  readonly schema: StructuralSchema | undefined;
  /** RFC 3339. */
  readonly time: string;
}

/**
 * After an update: what it added or changed belongs to the writer alone, what it removed to nobody.
 * @param after with the managedFields of `before`, or with none to have them forgotten
 */
export function withUpdatedOwnership(
  before: ApiObject | undefined,
  after: ApiObject,
  { writer, schema, time }: UpdateOwnershipOptions,
): ApiObject {
  const changed = changedFields(before, after, schema);
  const ownerships = ownershipsOf(before).map((ownership) => {
    const isWriter = isSameManager(ownership, writer);
    const fields = isWriter ? union(ownership.fields, changed) : difference(ownership.fields, changed);
    const remaining = { ...ownership, fields: presentFields(fields, after, schema) };
    return isWriter && !isEmptySet(changed) ? { ...remaining, time } : remaining;
  });
  const isNew = !isEmptySet(changed) && !ownerships.some((ownership) => isSameManager(ownership, writer));
  return withOwnerships(after, isNew ? [...ownerships, { ...writer, fields: changed, time }] : ownerships);
}

export function isSameManager(a: FieldManager, b: FieldManager): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.apiVersion === b.apiVersion &&
    a.subresource === b.subresource
  );
}

export function withOwnerships(object: ApiObject, ownerships: readonly Ownership[]): ApiObject {
  const entries = ownerships.filter(({ fields }) => !isEmptySet(fields)).sort(inOrder);
  return withMeta(object, { managedFields: entries.length === 0 ? undefined : entries.map(entryOf) });
}

function entryOf({ manager, operation, apiVersion, subresource, time, fields }: Ownership): ManagedFieldsEntry {
  const entry = { manager, operation, apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: fields };
  return subresource === undefined ? entry : { ...entry, subresource };
}

/** As the API orders them: applied before updated, then by time. */
function inOrder(a: Ownership, b: Ownership): number {
  const orderOf = (ownership: Ownership): string => `${ownership.operation} ${ownership.time} ${ownership.manager}`;
  return orderOf(a) < orderOf(b) ? -1 : 1;
}
