/** Go's `%#U`: a code point as `U+0040 '@'`. */
import { isPrint } from '../text/unicode.ts';
import { encodeRune } from '../text/utf8.ts';

export function unicodeText(code: number): string {
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return isPrint(code) ? `${name} '${encodeRune(code)}'` : name;
}
