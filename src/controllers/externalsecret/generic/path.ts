/** The dotted paths of `templateFrom[].target`: `spec.rules[0].host`. Pure. */
import type { Tree, TreeMap } from './tree.ts';

/** A key of a map, or an index of a list. */
export type Segment = string | number;
/** Begins with a key. */
export type Path = readonly [string, ...Segment[]];

/** ESO's limit: a path must not make a list of any length. */
const maxIndex = 10_000;

/** The path cannot be read, or does not fit what is there. The message names the path, never a value. */
export class PathError extends Error {
  override readonly name = 'PathError';
}

/** @throws PathError */
export function parsePath(text: string): Path {
  const [first, ...rest] = text.split('.').flatMap((part) => segmentsOf(part, text));
  if (typeof first !== 'string') throw new PathError(`the path "${text}" does not begin with a key`);
  return [first, ...rest];
}

export function formatPath(path: readonly Segment[]): string {
  return path
    .map((segment, at) => (typeof segment === 'number' ? `[${segment}]` : `${at === 0 ? '' : '.'}${segment}`))
    .join('');
}

/** Makes the maps and lists on the way that are missing; a list that is too short is filled up with nulls. @throws PathError */
export function setAt(root: TreeMap, path: Path, value: Tree): void {
  let container: Tree = root;
  for (const [at, segment] of path.entries()) {
    const before = memberOf(container, segment, path.slice(0, at));
    const next = path[at + 1];
    const member = next === undefined ? value : (before ?? (typeof next === 'number' ? [] : new Map()));
    putMember(container, segment, member);
    container = member;
  }
}

/** Undefined where nothing is there. */
export function getAt(root: TreeMap, path: readonly Segment[]): Tree | undefined {
  let found: Tree | undefined = root;
  for (const segment of path) {
    if (typeof segment === 'number') found = Array.isArray(found) ? found[segment] : undefined;
    else found = found instanceof Map ? found.get(segment) : undefined;
  }
  return found;
}

function segmentsOf(part: string, path: string): readonly Segment[] {
  const [, key, brackets = ''] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(part) ?? [];
  if (key === undefined) throw new PathError(`the path "${path}" needs a key in front of every "." and "["`);
  const indexes = Array.from(brackets.matchAll(/\[([^\]]*)\]/g), ([, digits = '']) => indexOf(digits, path));
  return [key, ...indexes];
}

function indexOf(digits: string, path: string): number {
  const index = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (index <= maxIndex) return index;
  throw new PathError(`the path "${path}" has the index "${digits}": indexes are whole numbers up to ${maxIndex}`);
}

/** @throws PathError when the container is of another type than the segment */
function memberOf(container: Tree, segment: Segment, at: readonly Segment[]): Tree | undefined {
  if (typeof segment === 'number') {
    if (Array.isArray(container)) return container[segment] ?? undefined;
    throw new PathError(`${formatPath(at)} is not a list, so it has no element ${segment}`);
  }
  if (container instanceof Map) return container.get(segment) ?? undefined;
  throw new PathError(`${formatPath(at)} is not a map, so it has no key "${segment}"`);
}

/** The types have been checked. */
function putMember(container: Tree, segment: Segment, member: Tree): void {
  if (container instanceof Map) container.set(String(segment), member);
  if (!Array.isArray(container)) return;
  while (container.length < Number(segment)) container.push(null);
  container[Number(segment)] = member;
}
