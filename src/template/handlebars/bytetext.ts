/**
 * Bytes as JavaScript text and back. Handlebars works on text, secrets are bytes: a byte that is no part of valid UTF-8
 * becomes a lone surrogate, U+DC80 to U+DCFF, on the way in and the byte again on the way out.
 */
import { isUtf8 } from 'node:buffer';
import { encodeRune, runeError, runes } from '../text/utf8.ts';

const escapeBase = 0xdc00;
const firstEscape = 0xdc80;
const lastEscape = 0xdcff;

export function textOfBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  const latin1 = buffer.toString('latin1');
  let text = '';
  for (const { code, width, at } of runes(latin1)) {
    const isInvalid = code === runeError && width === 1;
    text += isInvalid ? String.fromCharCode(escapeBase + latin1.charCodeAt(at)) : String.fromCodePoint(code);
  }
  return text;
}

/** Surrogates that stand for no byte become U+FFFD. */
export function bytesOfText(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  let latin1 = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? runeError;
    const isByte = code >= firstEscape && code <= lastEscape;
    latin1 += isByte ? String.fromCharCode(code - escapeBase) : encodeRune(code);
  }
  return Buffer.from(latin1, 'latin1');
}
