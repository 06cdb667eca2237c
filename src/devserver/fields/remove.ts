/** Takes fields out of an object. */
import type { StructuralSchema } from '../../api/structural.ts';
import { type ApiObject, isJsonObject, type JsonObject } from '../object.ts';
import { ownMember } from '../schema/prune.ts';
import { edgeOfItems, wholeSchema } from './shape.ts';
import { type FieldTrie, isEmptySet } from './trie.ts';

type Schema = StructuralSchema | undefined;

export function withoutFields(object: ApiObject, fields: FieldTrie, schema: Schema): ApiObject {
  // Nobody owns what makes an object one, so that stays.
  return isEmptySet(fields) ? object : (without(object, fields, wholeSchema(schema)) as ApiObject);
}

function without(value: unknown, fields: FieldTrie, schema: Schema): unknown {
  if (isJsonObject(value)) return withoutMembers(value, fields, schema);
  return Array.isArray(value) ? withoutItems(value, fields, schema) : value;
}

function withoutMembers(object: JsonObject, fields: FieldTrie, schema: Schema): JsonObject {
  const kept = Object.entries(object).flatMap(([name, value]) => {
    const node = ownMember(fields, `f:${name}`);
    const child = ownMember(schema?.properties, name) ?? schema?.additionalProperties;
    return pruned(value, node, child).map((rest) => [name, rest] as const);
  });
  return Object.fromEntries(kept);
}

function withoutItems(items: readonly unknown[], fields: FieldTrie, schema: Schema): readonly unknown[] {
  const edgeOf = edgeOfItems(schema);
  if (edgeOf === undefined) return items;
  return items.flatMap((item) => pruned(item, ownMember(fields, edgeOf(item)), schema?.items));
}

/** None or one: a value whose own node is in the set is gone, and so is one of which nothing is left. */
function pruned(value: unknown, node: FieldTrie | undefined, schema: Schema): readonly unknown[] {
  if (node === undefined) return [value];
  const isGone = isEmptySet(node) || Object.hasOwn(node, '.');
  if (isGone) return [];
  const rest = without(value, node, schema);
  return isEmpty(rest) && !isEmpty(value) ? [] : [rest];
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
