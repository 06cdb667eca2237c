/** The data-hash annotation of generic targets: ESO's ObjectHash of `.spec`, or else of `.data`. */
import { byteOrder } from '../../../lib/byteorder.ts';
import { sha3Hex } from '../../../lib/gohash.ts';
import { formatShortest } from '../../../template/strconv/float.ts';
import type { Tree, TreeMap } from './tree.ts';

/** @param owned what is hashed for a target that has neither; ESO fails there */
export function contentHash(content: TreeMap, owned: TreeMap): string {
  return hashOfTree(content.get('spec') ?? content.get('data') ?? owned);
}

/** ObjectHash of JSON that Go has decoded into `interface{}`. */
export function hashOfTree(tree: Tree): string {
  return sha3Hex(print(tree));
}

/** As `%+v` prints it: maps by the byte order of their keys, texts without quotes. */
function print(tree: Tree): string {
  if (tree === null) return '<nil>';
  if (Array.isArray(tree)) return `[${tree.map(print).join(' ')}]`;
  if (tree instanceof Map) {
    const sorted = [...tree].sort(([left], [right]) => byteOrder(left, right));
    return `map[${sorted.map(([key, value]) => `${key}:${print(value)}`).join(' ')}]`;
  }
  return typeof tree === 'number' ? printNumber(tree) : String(tree);
}

/** Kubernetes decodes whole numbers that fit as int64, all others as float64. */
function printNumber(value: number): string {
  const isInt64 = Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
  return isInt64 ? BigInt(value).toString() : formatShortest(value);
}
