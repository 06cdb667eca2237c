/** Hexadecimal text to bytes, with the errors of Go's encoding/hex. */
import { encodeRune } from '../text/utf8.ts';
import type { Decoded } from './decoded.ts';

/** Decodes pairs of digits in either case; the first bad byte is reported before an odd length. */
export function decodeHex(text: string): Decoded {
  const bad = text.search(/[^0-9a-fA-F]/);
  if (bad >= 0) return { ok: false, error: `encoding/hex: invalid byte: ${unicodeName(text.charCodeAt(bad))}` };
  if (text.length % 2 === 1) return { ok: false, error: 'encoding/hex: odd length hex string' };
  return { ok: true, bytes: text.replace(/../g, pairToByte) };
}

function pairToByte(pair: string): string {
  return String.fromCharCode(Number.parseInt(pair, 16));
}

/** Go's `%#U` of a byte: the code point, and the character in quotes when it can be printed. */
function unicodeName(code: number): string {
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const printable = (code >= 0x20 && code < 0x7f) || (code > 0xa0 && code !== 0xad);
  return printable ? `${name} '${encodeRune(code)}'` : name;
}
