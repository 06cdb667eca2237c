/** Merges an applied configuration into what is there. */
import type { StructuralSchema } from '../../api/structural.ts';
import { type ApiObject, isJsonObject, type JsonObject } from '../object.ts';
import { ownMember } from '../schema/prune.ts';
import { edgeOfItems, isAtomicMap, wholeSchema } from './shape.ts';

type Schema = StructuralSchema | undefined;

export function merged(live: ApiObject, config: ApiObject, schema: Schema): ApiObject {
  // Both have the members of an object.
  return mergedValue(live, config, wholeSchema(schema)) as ApiObject;
}

function mergedValue(live: unknown, config: unknown, schema: Schema): unknown {
  if (isJsonObject(live) && isJsonObject(config)) {
    return isAtomicMap(schema) ? config : mergedMembers(live, config, schema);
  }
  if (Array.isArray(live) && Array.isArray(config)) return mergedItems(live, config, schema);
  return config;
}

function mergedMembers(live: JsonObject, config: JsonObject, schema: Schema): JsonObject {
  const changes = Object.entries(config).map(([name, value]) => {
    const child = ownMember(schema?.properties, name) ?? schema?.additionalProperties;
    return [name, mergedValue(ownMember(live, name), value, child)] as const;
  });
  return { ...live, ...Object.fromEntries(changes) };
}

/** Items keep their place; new ones come last. */
function mergedItems(live: readonly unknown[], config: readonly unknown[], schema: Schema): readonly unknown[] {
  const edgeOf = edgeOfItems(schema);
  if (edgeOf === undefined) return config;
  const items = new Map(live.map((item) => [edgeOf(item), item]));
  for (const item of config) {
    const edge = edgeOf(item);
    items.set(edge, mergedValue(items.get(edge), item, schema?.items));
  }
  return [...items.values()];
}
