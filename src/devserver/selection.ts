/** Which objects of a kind a list, a watch or a deletion is about. */
import type { ServedKind } from './kinds/served.ts';
import { type ApiObject, membersOf } from './object.ts';
import { type FieldRequirement, fieldRequirements, labelTest } from './selectors.ts';
import { badRequest } from './status.ts';

export interface SelectionQuery {
  /** Undefined: all. */
  readonly namespace: string | undefined;
  readonly labelSelector: string;
  readonly fieldSelector: string;
}

export interface Selection {
  readonly includes: (object: ApiObject) => boolean;
  /** Whether it asks for more than a namespace. */
  readonly isNarrow: boolean;
}

/** @throws StatusError 400 for selectors that are malformed or that the kind does not have */
export function selectionOf(kind: ServedKind, query: SelectionQuery): Selection {
  const { namespace, labelSelector, fieldSelector } = query;
  const hasLabels = labelTest(labelSelector);
  const fieldTests = fieldRequirements(fieldSelector).map((requirement) => fieldTest(kind, requirement));
  return {
    isNarrow: labelSelector !== '' || fieldSelector !== '',
    includes: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      hasLabels(object.metadata.labels ?? {}) &&
      fieldTests.every((test) => test(object)),
  };
}

function fieldTest(kind: ServedKind, { field, isEqual, value }: FieldRequirement): (object: ApiObject) => boolean {
  const path = pathOf(kind, field);
  if (path === undefined) throw badRequest(`field label not supported: ${field}`);
  return (object) => (textAt(object, path) === value) === isEqual;
}

function pathOf(kind: ServedKind, field: string): readonly string[] | undefined {
  if (field === 'metadata.name') return ['metadata', 'name'];
  if (field === 'metadata.namespace' && (kind.namespaced || kind.isCustom)) return ['metadata', 'namespace'];
  return kind.selectableFields.get(field);
}

/** A field that is absent counts as empty. */
function textAt(object: ApiObject, path: readonly string[]): string {
  const value = path.reduce<unknown>((holder, name) => membersOf(holder)[name], object);
  return typeof value === 'object' || value === undefined ? '' : `${value as string | number | boolean}`;
}
