/** From a provider's names to keys that a Secret takes: `conversionStrategy` and what is checked after it. */

export class SecretKeyError extends Error {
  override readonly name = 'SecretKeyError';
}

/** Anything but a letter or number of any script, `-`, `.` and `_`. */
const unsuitable = /[^\p{L}\p{N}._-]/gu;

/** `Default`: `_` for each unsuitable character. `Unicode`: its code point, as `_U002f_`. */
export function convertKey(strategy: 'Default' | 'Unicode' | undefined, key: string): string {
  return key.replace(unsuitable, (character) => (strategy === 'Unicode' ? escaped(character) : '_'));
}

function escaped(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  return `_U${codePoint.toString(16).padStart(4, '0')}_`;
}

/** The way back, for pushing: `ReverseUnicode`. */
export function unescapeKey(key: string): string {
  return key.replace(/_U([0-9a-fA-F]{4,6})_/g, (whole, hex: string) => {
    const codePoint = Number.parseInt(hex, 16);
    return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole;
  });
}

/** @throws SecretKeyError when two keys become one, as ESO 2.9 does */
export function convertKeys<V>(
  strategy: 'Default' | 'Unicode' | undefined,
  map: ReadonlyMap<string, V>,
): Map<string, V> {
  const converted = new Map<string, V>();
  for (const [key, value] of map) {
    const name = convertKey(strategy, key);
    if (converted.has(name)) throw new SecretKeyError(`secret name collision during conversion: ${name}`);
    converted.set(name, value);
  }
  return converted;
}

/**
 * Drops the empty key, as ESO 2.9 does.
 * @throws SecretKeyError for a key that is too long or has a character that no strategy leaves
 */
export function validKeys<V>(map: ReadonlyMap<string, V>): Map<string, V> {
  const valid = new Map<string, V>();
  for (const [key, value] of map) {
    if (key === '') continue;
    if (Buffer.byteLength(key) > 253) {
      throw new SecretKeyError(
        `the key ${key.slice(0, 40)}… has ${Buffer.byteLength(key)} bytes, more than the 253 that a Secret takes`,
      );
    }
    const bad = key.match(unsuitable)?.[0];
    if (bad !== undefined) {
      throw new SecretKeyError(
        `the key ${key} has the character ${JSON.stringify(bad)}, which a Secret does not take; use rewrite`,
      );
    }
    valid.set(key, value);
  }
  return valid;
}
