/** Base64 as Go's JSON decoder reads it. */

/** @returns the value in its canonical form; undefined when it is not base64 */
export function canonicalBase64(text: string): string | undefined {
  const compact = text.replace(/[\r\n]/g, '');
  const bytes = Buffer.from(compact, 'base64');
  const canonical = bytes.toString('base64');
  return canonical.length === compact.length && /^[A-Za-z0-9+/]*={0,2}$/.test(compact) ? canonical : undefined;
}

/** How many bytes valid base64 stands for. */
export function decodedBytes(text: string): number {
  return Buffer.byteLength(text, 'base64');
}
