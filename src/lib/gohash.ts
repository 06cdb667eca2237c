/**
 * ESO's ObjectHash: lower-case hex of SHA3-224 over Go's `fmt.Sprintf("%+v", object)`. It decides whether a Secret
 * holds what was written last, so every byte of that text has to be Go's.
 */
import { createHash } from 'node:crypto';
import { byteOrder } from './byteorder.ts';

/** The hash of a Go string. */
export function hashText(text: string): string {
  return createHash('sha3-224').update(text).digest('hex');
}

/** The hash of a `map[string][]byte`. */
export function objectHash(data: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash('sha3-224').update('map[');
  let separator = '';
  for (const key of [...data.keys()].sort(byteOrder)) {
    hash.update(`${separator}${key}:[`).update((data.get(key) ?? new Uint8Array()).join(' ')).update(']');
    separator = ' ';
  }
  return hash.update(']').digest('hex');
}

/** How Go prints a `map[string]string`: sorted by key. */
export function goMapText(entries: Readonly<Record<string, string>>): string {
  const keys = Object.keys(entries).sort(byteOrder);
  return `map[${keys.map((key) => `${key}:${entries[key]}`).join(' ')}]`;
}
