/** How server-side apply sees a value: as one thing, or as parts that can have different owners. */
import type { StructuralSchema } from '../../api/structural.ts';
import { isJsonObject, type JsonObject, membersOf } from '../object.ts';
import { ownMember } from '../schema/prune.ts';

/** A part of a value: the edge it has in a set of fields, and the schema that is known of it. */
export interface Part {
  readonly edge: string;
  readonly value: unknown;
  readonly schema: StructuralSchema | undefined;
}

/** Undefined: the value is one thing. */
export function partsOf(value: unknown, schema: StructuralSchema | undefined): readonly Part[] | undefined {
  if (isJsonObject(value)) return isAtomicMap(schema) ? undefined : memberParts(value, schema);
  if (!Array.isArray(value)) return undefined;
  const edgeOf = edgeOfItems(schema);
  return edgeOf && value.map((item) => ({ edge: edgeOf(item), value: item, schema: schema?.items }));
}

function memberParts(object: JsonObject, schema: StructuralSchema | undefined): readonly Part[] {
  return Object.entries(object).map(([name, value]) => ({
    edge: `f:${name}`,
    value,
    schema: ownMember(schema?.properties, name) ?? schema?.additionalProperties,
  }));
}

/** What tells the items of a list apart; undefined: the list is one thing. */
export function edgeOfItems(schema: StructuralSchema | undefined): ((item: unknown) => string) | undefined {
  const keys = [...(schema?.['x-kubernetes-list-map-keys'] ?? [])].sort();
  switch (schema?.['x-kubernetes-list-type']) {
    case 'set':
      return (item) => `v:${JSON.stringify(item)}`;
    case 'map':
      return (item) => `k:${JSON.stringify(Object.fromEntries(keys.map((key) => [key, membersOf(item)[key]])))}`;
    default:
      return undefined;
  }
}

export function isAtomicMap(schema: StructuralSchema | undefined): boolean {
  return schema?.['x-kubernetes-map-type'] === 'atomic';
}

const metadataSchema: StructuralSchema = {
  type: 'object',
  properties: {
    finalizers: { type: 'array', 'x-kubernetes-list-type': 'set' },
    ownerReferences: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      items: { type: 'object', 'x-kubernetes-map-type': 'atomic' },
    },
  },
};

/** The schema of a whole object: a kind's own schema does not speak of metadata. */
export function wholeSchema(schema: StructuralSchema | undefined): StructuralSchema {
  return { ...schema, properties: { ...schema?.properties, metadata: metadataSchema } };
}
