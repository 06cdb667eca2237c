/** ESO's ObjectHash: SHA3-224 of what Go prints for a value by `%+v`. Byte-exact, or a takeover rewrites every Secret. */
import { hash } from 'node:crypto';
import { byteOrder } from './byteorder.ts';

/** Lower-case hex of SHA3-224, which is also ObjectHash of a Go string. */
export function sha3Hex(content: string | Uint8Array): string {
  return hash('sha3-224', content, 'hex');
}

/** ObjectHash of a `map[string][]byte`, such as the data of a Secret. */
export function hashOfData(data: ReadonlyMap<string, Uint8Array>): string {
  return sha3Hex(printMap([...data].map(([key, value]) => [key, `[${value.join(' ')}]`])));
}

/** ObjectHash of what `syncedResourceVersion` is made from: all annotations and labels. */
export function hashOfMetadata(metadata: {
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}): string {
  const annotations = printMap(Object.entries(metadata.annotations ?? {}));
  return sha3Hex(`{annotations:${annotations} labels:${printMap(Object.entries(metadata.labels ?? {}))}}`);
}

/** Go prints maps by the byte order of their keys, and a nil map as an empty one. */
function printMap(entries: [key: string, printed: string][]): string {
  const sorted = entries.sort(([left], [right]) => byteOrder(left, right));
  return `map[${sorted.map(([key, printed]) => `${key}:${printed}`).join(' ')}]`;
}
