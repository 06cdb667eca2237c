/** Keys of a Secret's data: converting what backends call their secrets, refusing what cannot be stored. */

export type ConversionStrategy = 'Default' | 'Unicode';

/** A Secret allows fewer characters; the API server refuses the rest with a message of its own. */
const allowed = /[\p{L}\p{N}\-._]/u;
const maxKeyBytes = 253;

/**
 * As ESO 2.9 does: a character that is no letter, number, `-`, `.` or `_` becomes `_`, or `_U0041_` with its code point.
 * @throws Error when two keys become the same one
 */
export function convertKeys<T>(secrets: ReadonlyMap<string, T>, strategy: ConversionStrategy): Map<string, T> {
  const converted = new Map<string, T>();
  for (const [key, value] of secrets) {
    const name = convertKey(key, strategy);
    if (converted.has(name)) throw new Error(`secret name collision during conversion: ${name}`);
    converted.set(name, value);
  }
  return converted;
}

export function convertKey(key: string, strategy: ConversionStrategy): string {
  return Array.from(key, (rune) => (allowed.test(rune) ? rune : replacement(rune, strategy))).join('');
}

function replacement(rune: string, strategy: ConversionStrategy): string {
  if (strategy !== 'Unicode') return '_';
  return `_U${(rune.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}_`;
}

/**
 * Drops empty keys, as ESO 2.9 does.
 * @throws Error naming a key that is too long or has characters that no Secret takes
 */
export function validateKeys<T>(secrets: ReadonlyMap<string, T>): Map<string, T> {
  const valid = new Map<string, T>();
  for (const [key, value] of secrets) {
    if (key === '') continue;
    if (Buffer.byteLength(key) > maxKeyBytes) throw new Error(`key has more than ${maxKeyBytes} bytes: ${key}`);
    if (!Array.from(key).every((rune) => allowed.test(rune))) {
      throw new Error(`key has characters that a Secret does not allow: ${key}`);
    }
    valid.set(key, value);
  }
  return valid;
}
