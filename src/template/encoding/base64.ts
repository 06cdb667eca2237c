/** Standard base64 with Go's strictness: padding required, line breaks ignored, errors with the byte they are at. */
import type { Decoded } from './decoded.ts';

export function encodeBase64(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('base64');
}

const wellFormed = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Decodes as `base64.StdEncoding.DecodeString`; leftover bits of the last character are not looked at. */
export function decodeBase64(text: string): Decoded {
  const unbroken = text.replace(/[\r\n]/g, '');
  if (wellFormed.test(unbroken)) return { ok: true, bytes: Buffer.from(unbroken, 'base64').toString('latin1') };
  return { ok: false, error: `illegal base64 data at input byte ${badByte(text)}` };
}

/** Walks the groups of four as Go does to find the byte that its error names. */
function badByte(text: string): number {
  for (let at = 0; at < text.length; ) {
    let filled = 0;
    for (; filled < 4; at++) {
      if (at >= text.length) return filled === 0 ? at : at - filled;
      const char = text.charAt(at);
      if (char === '\r' || char === '\n') continue;
      if (char === '=') return badPadding(text, at, filled);
      if (!/[A-Za-z0-9+/]/.test(char)) return at;
      filled++;
    }
  }
  return text.length;
}

/** The byte at fault when padding starts at `at` after `filled` characters of a group. */
function badPadding(text: string, at: number, filled: number): number {
  if (filled < 2) return at;
  let next = skipBreaks(text, at + 1);
  if (filled === 2) {
    if (next === text.length) return text.length;
    if (text.charAt(next) !== '=') return next - 1;
    next = skipBreaks(text, next + 1);
  }
  return next;
}

function skipBreaks(text: string, from: number): number {
  let at = from;
  while (text.charAt(at) === '\r' || text.charAt(at) === '\n') at++;
  return at;
}
