/** JSON strings and numbers as Go's encoding/json writes them. Strings are bytes on both sides. */
import { runeError, runes } from '../text/utf8.ts';

const plain = /^[ !#-%'-;=?-[\]-~]*$/;

const named: ReadonlyMap<number, string> = new Map([
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]);

/** Quotes `bytes`; invalid UTF-8 becomes U+FFFD. With `escapeHtml`, `<`, `>` and `&` are written as escapes. */
export function jsonString(bytes: string, escapeHtml: boolean): string {
  if (plain.test(bytes)) return `"${bytes}"`;
  let text = '"';
  for (const { code, width, at } of runes(bytes)) {
    if (code === runeError && width === 1) text += '\\ufffd';
    else if (needsEscape(code, escapeHtml)) text += named.get(code) ?? `\\u${code.toString(16).padStart(4, '0')}`;
    else text += bytes.slice(at, at + width);
  }
  return `${text}"`;
}

function needsEscape(code: number, escapeHtml: boolean): boolean {
  if (code < 0x20 || code === 0x22 || code === 0x5c) return true;
  // JavaScript once took these two for line ends inside strings.
  if (code === 0x2028 || code === 0x2029) return true;
  return escapeHtml && (code === 0x26 || code === 0x3c || code === 0x3e);
}

/** The shortest text of a float, with an exponent below 1e-6 and from 1e21 on; undefined for what JSON lacks. */
export function jsonNumber(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  return Object.is(value, -0) ? '-0' : String(value);
}
