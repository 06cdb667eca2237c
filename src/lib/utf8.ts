/** Text as bytes that are kept for a while. */

const encoder = new TextEncoder();

/**
 * Bytes with memory of their own. `Buffer.from` cuts short ones from a slab of 8 kB, all of which lives as long as any
 * of them, and where what else was cut from it, other secrets among it, lies next to them.
 */
export function utf8Bytes(text: string): Uint8Array {
  return encoder.encode(text);
}
