/**
 * Sets of fields in the form that managedFields has on the wire (`fieldsV1`): a trie whose edges are `f:name`,
 * `k:{…}` and `v:…`. A node is in the set when it has no children or has the child `.`.
 */

export interface FieldTrie {
  readonly [edge: string]: FieldTrie;
}

const self = '.';
const leaf: FieldTrie = {};

export function isEmptySet(set: FieldTrie): boolean {
  return Object.keys(set).length === 0;
}

/** A node, made of what is below it; undefined when nothing is in the set. */
export function nodeOf(isMember: boolean, children: readonly (readonly [string, FieldTrie])[]): FieldTrie | undefined {
  if (children.length === 0) return isMember ? leaf : undefined;
  return Object.fromEntries(isMember ? [[self, leaf], ...children] : children);
}

export function union(a: FieldTrie, b: FieldTrie): FieldTrie {
  if (isEmptySet(a)) return b;
  if (isEmptySet(b)) return a;
  return unionOfNodes(a, b);
}

/** What is in `a` and not in `b`. */
export function difference(a: FieldTrie, b: FieldTrie): FieldTrie {
  return isEmptySet(b) ? a : (below(a, b, differenceOfNodes) ?? leaf);
}

export function intersection(a: FieldTrie, b: FieldTrie): FieldTrie {
  return below(a, b, intersectionOfNodes) ?? leaf;
}

export function isEqualSet(a: FieldTrie, b: FieldTrie): boolean {
  return isEmptySet(difference(a, b)) && isEmptySet(difference(b, a));
}

/** Each field of the set as the API writes paths: `.data.a`, `.metadata.finalizers[="x"]`. */
export function pathsOf(set: FieldTrie, path = ''): readonly string[] {
  return childrenOf(set).flatMap(([edge, child]) => {
    const place = path + pathOf(edge);
    return [...(isMember(child) ? [place] : []), ...pathsOf(child, place)];
  });
}

export function childrenOf(node: FieldTrie): readonly (readonly [string, FieldTrie])[] {
  return Object.entries(node).filter(([edge]) => edge !== self);
}

export function isMember(node: FieldTrie): boolean {
  return Object.hasOwn(node, self) || isEmptySet(node);
}

type Combine = (a: FieldTrie, b: FieldTrie | undefined) => FieldTrie | undefined;

/** The root is a place, never a field: only what is below it counts. */
function below(a: FieldTrie, b: FieldTrie, combine: Combine): FieldTrie | undefined {
  return nodeOf(false, combined(a, b, combine));
}

function combined(a: FieldTrie, b: FieldTrie, combine: Combine): readonly (readonly [string, FieldTrie])[] {
  return childrenOf(a).flatMap(([edge, child]) => {
    const rest = combine(child, Object.hasOwn(b, edge) ? b[edge] : undefined);
    return rest === undefined ? [] : [[edge, rest] as const];
  });
}

function differenceOfNodes(a: FieldTrie, b: FieldTrie | undefined): FieldTrie | undefined {
  if (b === undefined) return a;
  return nodeOf(isMember(a) && !isMember(b), combined(a, b, differenceOfNodes));
}

function intersectionOfNodes(a: FieldTrie, b: FieldTrie | undefined): FieldTrie | undefined {
  if (b === undefined) return undefined;
  return nodeOf(isMember(a) && isMember(b), combined(a, b, intersectionOfNodes));
}

function unionOfNodes(a: FieldTrie, b: FieldTrie): FieldTrie {
  const children = new Map(childrenOf(a));
  for (const [edge, child] of childrenOf(b)) {
    const known = children.get(edge);
    children.set(edge, known === undefined ? child : unionOfNodes(known, child));
  }
  return nodeOf(isMember(a) || isMember(b), [...children]) ?? leaf;
}

function pathOf(edge: string): string {
  const value = edge.slice(2);
  if (edge.startsWith('f:')) return `.${value}`;
  return edge.startsWith('v:')
    ? `[=${value}]`
    : `[${value
        .slice(1, -1)
        .replaceAll('":', '"=')
        .replace(/"(\w+)"=/g, '$1=')}]`;
}
