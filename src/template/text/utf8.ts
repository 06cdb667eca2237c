/** Go strings are bytes; here they are strings of char codes 0..255, and these functions go to and from characters. */

/** U+FFFD, which stands for every byte that is no part of a valid sequence. */
export const runeError = 0xfffd;

const nonAscii = /[\x80-\xff]/;
const nonAsciiUnit = /[\x80-\uffff]/;

/** True when the bytes are all ASCII, which most are: then bytes and characters are the same. */
export function isAscii(bytes: string): boolean {
  return !nonAscii.test(bytes);
}

export interface Rune {
  readonly code: number;
  /** In bytes. A code of U+FFFD with a width of 1 is an invalid byte. */
  readonly width: number;
}

const invalid: Rune = { code: runeError, width: 1 };

/** Decodes the character at byte `at`, as Go's utf8.DecodeRuneInString does: an invalid byte has width 1. */
export function runeAt(bytes: string, at: number): Rune {
  const lead = bytes.charCodeAt(at);
  if (lead < 0x80) return { code: lead, width: 1 };
  const width = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (width === 0 || at + width > bytes.length) return invalid;
  let code = lead & (0xff >> (width + 1));
  for (let k = 1; k < width; k++) {
    const next = bytes.charCodeAt(at + k);
    if ((next & 0xc0) !== 0x80) return invalid;
    code = (code << 6) | (next & 0x3f);
  }
  return isEncodable(code, width) ? { code, width } : invalid;
}

function isEncodable(code: number, width: number): boolean {
  if (width === 3) return code >= 0x800 && (code < 0xd800 || code > 0xdfff);
  return width === 2 || (code >= 0x10000 && code <= 0x10ffff);
}

/** Every character of the bytes in order. */
export function* runes(bytes: string): Generator<Rune & { readonly at: number }> {
  for (let at = 0; at < bytes.length; ) {
    const { code, width } = runeAt(bytes, at);
    yield { code, width, at };
    at += width;
  }
}

/** The code points of the bytes, as Go's `[]rune(s)`. */
export function runeCodes(bytes: string): number[] {
  const codes: number[] = [];
  for (const { code } of runes(bytes)) codes.push(code);
  return codes;
}

export function isValidUtf8(bytes: string): boolean {
  if (isAscii(bytes)) return true;
  for (const { code, width } of runes(bytes)) if (code === runeError && width === 1) return false;
  return true;
}

/** The UTF-8 bytes of one code point; of U+FFFD for what is no character, as Go's `string(rune)`. */
export function encodeRune(code: number): string {
  if (code >= 0 && code < 0x80) return String.fromCharCode(code);
  const isCharacter = code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return encodeUtf8(String.fromCodePoint(isCharacter ? code : runeError));
}

export function encodeRunes(codes: readonly number[]): string {
  return codes.map(encodeRune).join('');
}

/** The UTF-8 bytes of a JavaScript string. */
export function encodeUtf8(text: string): string {
  return nonAsciiUnit.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** The characters of UTF-8 bytes as a JavaScript string; each invalid byte becomes U+FFFD, as in Go. */
export function decodeUtf8(bytes: string): string {
  if (isAscii(bytes)) return bytes;
  let text = '';
  for (const { code } of runes(bytes)) text += String.fromCodePoint(code);
  return text;
}
