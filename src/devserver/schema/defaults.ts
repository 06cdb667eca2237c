/** Fills in the defaults of a structural schema. */
import type { StructuralSchema } from '../../api/structural.ts';
import { isJsonObject, type JsonObject } from '../object.ts';
import { ownMember } from './prune.ts';

export function withDefaults<T extends JsonObject>(object: T, schema: StructuralSchema | undefined): T {
  // Defaults only add members.
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
  const filled: Record<string, unknown> = { ...object };
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    // A null that may not be is taken for a member that is missing, if there is something to put in its place.
    const isMissing = filled[name] === undefined || (filled[name] === null && child.nullable !== true);
    if (isMissing && child.default !== undefined) filled[name] = structuredClone(child.default);
    if (isJsonObject(filled[name]) || Array.isArray(filled[name])) filled[name] = fill(filled[name], child);
  }
  const { additionalProperties } = schema;
  if (additionalProperties === undefined) return filled;
  for (const [name, value] of Object.entries(filled)) {
    if (ownMember(schema.properties, name) === undefined) filled[name] = fill(value, additionalProperties);
  }
  return filled;
}
