/** Standard base32 (RFC 4648) with Go's strictness: padding required, line breaks ignored, capital letters only. */
import type { Decoded } from './decoded.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function encodeBase32(bytes: string): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 5) {
    const group = bytes.slice(at, at + 5);
    const digits = Math.ceil((group.length * 8) / 5);
    let bits = 0n;
    for (let i = 0; i < 5; i++) bits = (bits << 8n) | BigInt(i < group.length ? group.charCodeAt(i) : 0);
    for (let i = 0; i < digits; i++) text += alphabet.charAt(Number((bits >> BigInt(35 - 5 * i)) & 31n));
    text += '='.repeat(8 - digits);
  }
  return text;
}

/** Decodes as `base32.StdEncoding.DecodeString`. Error positions count the text without its line breaks, as Go's do. */
export function decodeBase32(text: string): Decoded {
  const unbroken = text.replace(/[\r\n]/g, '');
  let bytes = '';
  for (let at = 0; at < unbroken.length; at += 8) {
    const group = readGroup(unbroken, at);
    if ('badByte' in group) return { ok: false, error: `illegal base32 data at input byte ${group.badByte}` };
    bytes += toBytes(group.digits);
    if (group.digits.length < 8) break;
  }
  return { ok: true, bytes };
}

type Group = { readonly digits: readonly number[] } | { readonly badByte: number };

/** Reads a group of eight characters, the last of which may be padding. */
function readGroup(text: string, start: number): Group {
  const digits: number[] = [];
  for (let at = start; digits.length < 8; at++) {
    if (at >= text.length) return { badByte: text.length - digits.length };
    const left = text.length - at - 1;
    if (text.charAt(at) === '=' && digits.length >= 2 && left < 8) {
      const badByte = badPadding(text, at, digits.length, left);
      return badByte === undefined ? { digits } : { badByte };
    }
    const digit = alphabet.indexOf(text.charAt(at));
    if (digit < 0) return { badByte: at };
    digits.push(digit);
  }
  return { digits };
}

function badPadding(text: string, at: number, filled: number, left: number): number | undefined {
  if (left + filled < 7) return text.length;
  for (let k = 0; k < 7 - filled; k++) if (text.charAt(at + 1 + k) !== '=') return at + k;
  // One, three and six characters leave bits that make no byte.
  return filled === 3 || filled === 6 ? at : undefined;
}

function toBytes(digits: readonly number[]): string {
  let bits = 0n;
  for (let i = 0; i < 8; i++) bits = (bits << 5n) | BigInt(digits[i] ?? 0);
  let bytes = '';
  for (let i = 0; i < Math.floor((digits.length * 5) / 8); i++) {
    bytes += String.fromCharCode(Number((bits >> BigInt(32 - 8 * i)) & 0xffn));
  }
  return bytes;
}
