/** What a target will hold after an apply: its data-hash is written together with what it is the hash of. Pure. */
import type { FieldSet } from './fieldset.ts';
import { covers, type Tree, type TreeMap } from './tree.ts';

/**
 * Server-side apply in small: what we owned and no longer want goes, what we want is laid over the rest. Where the
 * server knows better (defaults, fields that somebody else wants as well) the informer shows it, and the next look
 * corrects the hash.
 */
export function predictContent(live: TreeMap, own: FieldSet, desired: TreeMap): TreeMap {
  return overlayMap(withoutStale(live, own, desired), desired);
}

function withoutStale(live: TreeMap, own: FieldSet, desired: TreeMap): TreeMap {
  const rest: TreeMap = new Map(live);
  for (const [name, below] of own) {
    const value = live.get(name);
    const wanted = desired.get(name);
    if (value instanceof Map && below.size > 0) {
      const kept = withoutStale(value, below, wanted instanceof Map ? wanted : new Map());
      if (kept.size > 0 || wanted !== undefined) rest.set(name, kept);
      else rest.delete(name);
    } else if (wanted === undefined) rest.delete(name);
  }
  return rest;
}

function overlayMap(live: TreeMap, desired: TreeMap): TreeMap {
  const result: TreeMap = new Map(live);
  for (const [key, value] of desired) result.set(key, overlay(live.get(key), value));
  return result;
}

function overlay(live: Tree | undefined, desired: Tree): Tree {
  if (live instanceof Map && desired instanceof Map) return overlayMap(live, desired);
  // A list may be merged by the elements' keys: as long as nothing of ours is missing it stays as it is.
  return live !== undefined && covers(live, desired) ? live : desired;
}
