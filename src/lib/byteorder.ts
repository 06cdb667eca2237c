/** The order of Go's strings: by UTF-8 bytes, which is by code point, not by UTF-16 unit. */

/** A comparison function for `sort`. */
export function byteOrder(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
