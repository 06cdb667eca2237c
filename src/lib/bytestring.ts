/**
 * Byte strings: one character for each byte. JSON is searched in this form, so bytes that are not UTF-8 come through
 * unharmed, text compares in Go's order, and V8 keeps it in one byte a character.
 */

export function toByteString(content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export function bytesOf(byteString: string): Uint8Array {
  return Buffer.from(byteString, 'latin1');
}

/** The text that the bytes are in UTF-8. */
export function textOf(byteString: string): string {
  return Buffer.from(byteString, 'latin1').toString('utf8');
}
