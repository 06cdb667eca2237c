/** Go's strconv.Quote: a byte string as a Go literal in double quotes. */

import { isPrint } from '../text/unicode.ts';
import { encodeRune, runeError, runes } from '../text/utf8.ts';

const named: ReadonlyMap<number, string> = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]);

const plain = /^[ !#-[\]-~]*$/;

export function quote(bytes: string): string {
  if (plain.test(bytes)) return `"${bytes}"`;
  let quoted = '"';
  for (const { code, width, at } of runes(bytes)) {
    if (code === runeError && width === 1) quoted += `\\x${hex(bytes.charCodeAt(at), 2)}`;
    else quoted += named.get(code) ?? (isPrint(code) ? bytes.slice(at, at + width) : escape(code));
  }
  return `${quoted}"`;
}

function escape(code: number): string {
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** Go's `%q` of one byte: the character in single quotes, as error messages show it. */
export function quoteByte(code: number): string {
  if (code === 0x27) return "'\\''";
  const quoted = code === 0x22 ? '"' : (named.get(code) ?? (isPrint(code) ? encodeRune(code) : escape(code)));
  return `'${quoted}'`;
}
