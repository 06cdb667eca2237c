/** Drops what a structural schema does not name, as the API server does before it looks at anything else. */
import type { StructuralSchema } from '../../api/structural.ts';
import { isJsonObject, type JsonObject } from '../object.ts';

export interface Pruned<T> {
  readonly value: T;
  /** Paths of what was dropped. */
  readonly unknownFields: readonly string[];
}

/** Members that every object has beside what its schema says. */
const envelope = new Set(['apiVersion', 'kind', 'metadata']);

/** @param object its envelope is kept whatever the schema says */
export function pruneObject<T extends JsonObject>(object: T, schema: StructuralSchema | undefined): Pruned<T> {
  if (schema === undefined) return { value: object, unknownFields: [] };
  const unknownFields: string[] = [];
  const kept = pruneMembers(object, schema, '', unknownFields, envelope);
  // Only members that its type does not name are gone.
  return { value: kept as T, unknownFields };
}

function prune(value: unknown, schema: StructuralSchema, path: string, unknown: string[]): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item, index) => prune(item, items, `${path}[${index}]`, unknown));
  }
  return isJsonObject(value) ? pruneMembers(value, schema, path, unknown, none) : value;
}

const none: ReadonlySet<string> = new Set();

function pruneMembers(
  object: JsonObject,
  schema: StructuralSchema,
  path: string,
  unknown: string[],
  always: ReadonlySet<string>,
): JsonObject {
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(object)) {
    const place = path === '' ? name : `${path}.${name}`;
    const child = ownMember(schema.properties, name) ?? schema.additionalProperties;
    if (always.has(name)) kept.push([name, value]);
    else if (child !== undefined) kept.push([name, prune(value, child, place, unknown)]);
    else if (schema['x-kubernetes-preserve-unknown-fields'] === true) kept.push([name, value]);
    else unknown.push(place);
  }
  return Object.fromEntries(kept);
}

export function ownMember<T>(members: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}
