/** Server-side apply: merges a configuration into an object, and removes what its manager no longer wants. */
import type { StructuralSchema } from '../../api/structural.ts';
import type { ApiObject } from '../object.ts';
import { StatusError } from '../status.ts';
import { appliedFields, changedFields, presentFields } from './fieldset.ts';
import { type FieldManager, isSameManager, type Ownership, ownershipsOf, withOwnerships } from './managers.ts';
import { merged } from './merge.ts';
import { withoutFields } from './remove.ts';
import { difference, type FieldTrie, intersection, isEmptySet, isEqualSet, pathsOf, union } from './trie.ts';

export interface ApplyOptions {
  readonly writer: FieldManager;
  readonly schema: StructuralSchema | undefined;
  /** Takes fields from other managers. */
  readonly force: boolean;
  /** RFC 3339. */
  readonly time: string;
}

/** @throws StatusError 409 that names the other managers */
export function applied(live: ApiObject | undefined, config: ApiObject, options: ApplyOptions): ApiObject {
  const { writer, schema, force, time } = options;
  const wanted = appliedFields(config, schema);
  const before = ownershipsOf(live);
  const others = before.filter((ownership) => !isSameManager(ownership, writer));
  const combined = live === undefined ? config : merged(live, config, schema);
  const changed = intersection(wanted, changedFields(live, combined, schema));
  const conflicts = others.filter(({ fields }) => !isEmptySet(intersection(fields, changed)));
  if (conflicts.length > 0 && !force) throw conflictOf(conflicts, changed);

  const given = before.find((ownership) => isSameManager(ownership, writer))?.fields ?? {};
  const unwanted = unownedBy(others, difference(given, wanted));
  const object = withoutFields(combined, unwanted, schema);
  const rest = others.map((other) => ({
    ...other,
    fields: presentFields(difference(other.fields, changed), object, schema),
  }));
  const own = before.find((ownership) => isSameManager(ownership, writer));
  const isUnchanged = own !== undefined && isEmptySet(changed) && isEqualSet(own.fields, wanted);
  return withOwnerships(object, [...rest, isUnchanged ? own : { ...writer, fields: wanted, time }]);
}

function unownedBy(others: readonly Ownership[], fields: FieldTrie): FieldTrie {
  const owned = others.reduce<FieldTrie>((all, other) => union(all, other.fields), {});
  return difference(fields, owned);
}

function conflictOf(others: readonly Ownership[], changed: FieldTrie): StatusError {
  const causes = others.flatMap((other) =>
    pathsOf(intersection(other.fields, changed)).map((field) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with "${other.manager}"${other.operation === 'Update' ? ` using ${other.apiVersion}` : ''}`,
      field,
    })),
  );
  const count = `${causes.length} conflict${causes.length === 1 ? '' : 's'}`;
  const list = causes.map(({ message, field }) => `${message}: ${field}`).join('\n');
  return new StatusError(409, 'Conflict', `Apply failed with ${count}: ${list}`, { causes });
}
