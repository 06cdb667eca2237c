/** `dataFrom[].rewrite[]`: renames and merges the keys of one find, extract or generator result, in list order. */
import type { Rewrite, RewriteMerge } from '../../api/rewrite.ts';
import { byteOrder } from '../../lib/byteorder.ts';
import { type JsonMember, JsonSyntaxError, type JsonValue, parseJsonMembers } from '../../lib/json.ts';
import { marshalJsonPlain, renderValue } from '../../lib/jsonvalue.ts';
import { compileRe2 } from '../../lib/re2.ts';
import type { SecretMap } from '../../provider/provider.ts';
import { TerminalError } from '../../runtime/errors.ts';

/** Renders a key's `transform` template with `.value` as its only datum. */
export type TransformKey = (template: string, value: string) => string;

/**
 * Applies all operations. Where ESO lets colliding keys overwrite each other in random order, the key that comes last
 * in byte order wins here, always.
 * @throws TerminalError when an operation is wrong or its input cannot be merged
 */
export function rewriteKeys(operations: readonly Rewrite[], secrets: SecretMap, transform: TransformKey): SecretMap {
  return operations.reduce((current, operation, index) => {
    try {
      return rewriteOnce(operation, current, transform);
    } catch (error) {
      throw new TerminalError('SecretSyncedError', `rewrite[${index}]: ${messageOf(error)}`, { cause: error });
    }
  }, secrets);
}

function rewriteOnce(operation: Rewrite, secrets: SecretMap, transform: TransformKey): SecretMap {
  const { regexp, transform: transformation, merge } = operation;
  if (regexp !== undefined) {
    const pattern = compileRe2(regexp.source);
    return renameKeys(secrets, (key) => pattern.replaceAll(key, regexp.target));
  }
  if (transformation !== undefined) return renameKeys(secrets, (key) => transform(transformation.template, key));
  if (merge !== undefined) return mergeValues(merge, secrets);
  return secrets;
}

function renameKeys(secrets: SecretMap, rename: (key: string) => string): SecretMap {
  const renamed: SecretMap = new Map();
  for (const [key, value] of sortedEntries(secrets)) renamed.set(rename(key), value);
  return renamed;
}

function mergeValues(merge: RewriteMerge, secrets: SecretMap): SecretMap {
  const merged = mergeObjects(merge, secrets);
  if (merge.strategy !== 'JSON') {
    return new Map(Array.from(merged, ([key, value]) => [key, renderValue(value)]));
  }
  if (!merge.into) throw new Error('merge with strategy JSON needs "into"');
  const json: Uint8Array = Buffer.from(marshalJsonPlain(merged));
  return new Map([...secrets, [merge.into, json]]);
}

function mergeObjects(merge: RewriteMerge, secrets: SecretMap): Map<string, JsonValue> {
  const merged = new Map<string, JsonValue>();
  for (const key of mergeOrder(merge, secrets)) {
    for (const [member, { value }] of membersOf(key, secrets.get(key) ?? new Uint8Array())) {
      if (merged.has(member) && merge.conflictPolicy !== 'Ignore') {
        throw new Error(`merge: more than one value has the member "${member}"`);
      }
      merged.set(member, value);
    }
  }
  return merged;
}

function membersOf(key: string, json: Uint8Array): ReadonlyMap<string, JsonMember> {
  try {
    const members = parseJsonMembers(json);
    if (members !== undefined) return members;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
  }
  throw new Error(`merge needs JSON objects: the value of key "${key}" is not one`);
}

/** In byte order, then the keys of `priority` in the order given: who comes last wins. */
function mergeOrder(merge: RewriteMerge, secrets: SecretMap): readonly string[] {
  const priority = merge.priority ?? [];
  for (const key of priority) {
    if (!secrets.has(key) && merge.priorityPolicy !== 'IgnoreNotFound') {
      throw new Error(`merge: the priority key "${key}" does not exist`);
    }
  }
  const rest = [...secrets.keys()].filter((key) => !priority.includes(key)).sort(byteOrder);
  return [...rest, ...priority.filter((key) => secrets.has(key))];
}

function sortedEntries(secrets: SecretMap): readonly (readonly [string, Uint8Array])[] {
  return [...secrets].sort(([left], [right]) => byteOrder(left, right));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'failed';
}
