/** Fills in the defaults of a structural schema, and drops nulls that it does not allow. */
import type { StructuralSchema } from '../../api/structural.ts';
import { isJsonObject, type JsonObject } from '../object.ts';
import { ownMember } from './prune.ts';

export function withDefaults<T extends JsonObject>(object: T, schema: StructuralSchema | undefined): T {
  // Members that make it an object are not in its schema.
  return schema === undefined ? object : (fill(object, schema) as T);
}

function fill(value: unknown, schema: StructuralSchema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => fill(item, items));
  }
  return isJsonObject(value) ? fillMembers(value, schema) : value;
}

function fillMembers(object: JsonObject, schema: StructuralSchema): JsonObject {
  // A map, because a member can have any name, `__proto__` too.
  const filled = new Map<string, unknown>();
  for (const [name, value] of Object.entries(object)) {
    const child = ownMember(schema.properties, name) ?? schema.additionalProperties;
    // A null that may not be is taken for a member that is missing.
    if (value === null && child !== undefined && child.nullable !== true) continue;
    filled.set(name, child === undefined ? value : fill(value, child));
  }
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const { default: value } = child;
    if (value !== undefined && !filled.has(name)) filled.set(name, fill(structuredClone(value), child));
  }
  return Object.fromEntries(filled);
}
