/** Which fields an object has, and which of them a change touched. */
import type { StructuralSchema } from '../../api/structural.ts';
import { type ApiObject, isEqualJson, type JsonObject } from '../object.ts';
import { type Part, partsOf, wholeSchema } from './shape.ts';
import { childrenOf, type FieldTrie, isMember, nodeOf } from './trie.ts';

type Schema = StructuralSchema | undefined;

/** All fields; what only holds other fields is none of them. This is what an applied configuration owns. */
export function appliedFields(object: ApiObject, schema: Schema): FieldTrie {
  return setBelow(owned(object), wholeSchema(schema), (part) => allFields(part, false));
}

/** The fields that are new or have another value. Of something new, what holds it counts too. */
export function changedFields(before: ApiObject | undefined, after: ApiObject, schema: Schema): FieldTrie {
  const whole = wholeSchema(schema);
  const old = before === undefined ? emptyObject : owned(before);
  return nodeOf(false, changedParts(old, owned(after), whole)) ?? {};
}

/** What of the set the object still has. */
export function presentFields(set: FieldTrie, object: ApiObject, schema: Schema): FieldTrie {
  return presentBelow(set, object, wholeSchema(schema)) ?? {};
}

const emptyObject = { metadata: {} };
/** Written by the server or part of the object's identity: nobody owns them. */
const serverMeta = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
]);

function owned(object: ApiObject): JsonObject {
  const { apiVersion: _, kind: __, ...members } = object;
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([name]) => !serverMeta.has(name)));
  return { ...members, metadata };
}

function setBelow(value: unknown, schema: Schema, nodeFor: (part: Part) => FieldTrie | undefined): FieldTrie {
  return nodeOf(false, edges(partsOf(value, schema) ?? [], nodeFor)) ?? {};
}

function edges(parts: readonly Part[], nodeFor: (part: Part) => FieldTrie | undefined): [string, FieldTrie][] {
  return parts.flatMap((part) => {
    // An object always has metadata: that it has some is nobody's doing.
    const node = nodeFor(part);
    return node === undefined ? [] : [[part.edge, node] as [string, FieldTrie]];
  });
}

function allFields({ edge, value, schema }: Part, withHolders: boolean): FieldTrie | undefined {
  const parts = partsOf(value, schema);
  if (parts === undefined || parts.length === 0) return edge === 'f:metadata' ? undefined : {};
  const isItem = edge.startsWith('k:');
  const isHolder = (withHolders && edge !== 'f:metadata') || isItem;
  return nodeOf(
    isHolder,
    edges(parts, (part) => allFields(part, withHolders)),
  );
}

function changedParts(before: unknown, after: unknown, schema: Schema): [string, FieldTrie][] {
  const old = new Map((partsOf(before, schema) ?? []).map((part) => [part.edge, part]));
  return edges(partsOf(after, schema) ?? [], (part) => changedNode(old.get(part.edge), part));
}

function changedNode(before: Part | undefined, after: Part): FieldTrie | undefined {
  if (before === undefined) return allFields(after, true);
  const areDivided = partsOf(before.value, before.schema) && partsOf(after.value, after.schema);
  if (areDivided) return nodeOf(false, changedParts(before.value, after.value, after.schema));
  return isEqualJson(before.value, after.value) ? undefined : {};
}

function presentBelow(set: FieldTrie, value: unknown, schema: Schema): FieldTrie | undefined {
  const parts = new Map((partsOf(value, schema) ?? []).map((part) => [part.edge, part]));
  const kept = childrenOf(set).flatMap(([edge, child]) => {
    const part = parts.get(edge);
    if (part === undefined) return [];
    const node = nodeOf(isMember(child), childrenOf(presentBelow(child, part.value, part.schema) ?? {}));
    return node === undefined ? [] : [[edge, node] as const];
  });
  return nodeOf(false, kept);
}
