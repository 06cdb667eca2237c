/** JSON as generic targets are held in memory: maps are Maps, so that no key means anything to the language. */

export type Tree = null | boolean | number | string | Tree[] | TreeMap;
export interface TreeMap extends Map<string, Tree> {}

/** @param json what `JSON.parse` gives; anything else counts as nothing */
export function treeOf(json: unknown): Tree {
  if (Array.isArray(json)) return json.map(treeOf);
  if (typeof json === 'object' && json !== null) return treeMapOf(json);
  return typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean' ? json : null;
}

export function treeMapOf(json: object): TreeMap {
  return new Map(Object.entries(json).map(([key, value]) => [key, treeOf(value)]));
}

/** For `JSON.stringify`. `__proto__` becomes a member like every other. */
export function jsonOf(tree: Tree): unknown {
  if (Array.isArray(tree)) return tree.map(jsonOf);
  return tree instanceof Map ? jsonObjectOf(tree) : tree;
}

export function jsonObjectOf(tree: TreeMap): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Array.from(tree, ([key, value]) => [key, jsonOf(value)]));
}

/** Without members that are null: to Kubernetes they are absent. List elements keep their places. */
export function withoutNulls(tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map(withoutNulls);
  if (!(tree instanceof Map)) return tree;
  const kept = Array.from(tree).filter(([, value]) => value !== null);
  return new Map(kept.map(([key, value]) => [key, withoutNulls(value)]));
}

/** Whether everything of `wanted` is in `live`. Maps may hold more; lists have the same length. */
export function covers(live: Tree | undefined, wanted: Tree): boolean {
  if (Array.isArray(wanted)) {
    const isList = Array.isArray(live) && live.length === wanted.length;
    return isList && wanted.every((element, index) => covers(live[index], element));
  }
  if (!(wanted instanceof Map)) return live === wanted;
  return live instanceof Map && Array.from(wanted).every(([key, value]) => covers(live.get(key), value));
}

/** Every text and number in it. */
export function* leavesOf(tree: Tree): Iterable<string> {
  if (tree instanceof Map || Array.isArray(tree)) for (const member of tree.values()) yield* leavesOf(member);
  else if (typeof tree === 'string' || typeof tree === 'number') yield String(tree);
}
