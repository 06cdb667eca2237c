/** Go's strconv.QuoteRune and its ASCII variant. */
import { isPrint } from '../text/unicode.ts';
import { encodeRune } from '../text/utf8.ts';

const named: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  39: "\\'",
  92: '\\\\',
};

/** The character in single quotes. @param asciiOnly escapes everything else */
export function quoteRune(code: number, asciiOnly: boolean): string {
  const escaped = named[code];
  if (escaped !== undefined) return `'${escaped}'`;
  const isPlain = isPrint(code) && (!asciiOnly || code < 0x80);
  return `'${isPlain ? encodeRune(code) : escape(code)}'`;
}

function escape(code: number): string {
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
