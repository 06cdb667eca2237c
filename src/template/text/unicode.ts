/**
 * Classes and simple case mappings of characters as in Go's package unicode, which knows Unicode 15.0.
 * The JavaScript runtime knows a later version, so characters that came after 15.0 are taken for unassigned here.
 */

/** First and last code points of the ranges that Unicode 15.1, 16.0 and 17.0 assigned. */
const later =
  '88f 897 c5c cdc 1acf-1add 1ae0-1aeb 1b4e-1b4f 1b7f 1c89-1c8a 20c1 2427-2429 2b96 2ffc-2fff 31e4-31e5 31ef a7cb-a7cf ' +
  'a7d2 a7d4 a7da-a7dc a7f1 fbc3-fbd2 fd90-fd91 fdc8-fdce 105c0-105f3 10940-10959 10d40-10d65 10d69-10d85 10d8e-10d8f ' +
  '10ec2-10ec7 10ed0-10ed8 10efa-10efc 11380-11389 1138b 1138e 11390-113b5 113b7-113c0 113c2 113c5 113c7-113ca ' +
  '113cc-113d5 113d7-113d8 113e1-113e2 116d0-116e3 11b60-11b67 11bc0-11be1 11bf0-11bf9 11db0-11ddb 11de0-11de9 11f5a ' +
  '13460-143fa 16100-16139 16d40-16d79 16ea0-16eb8 16ebb-16ed3 16ff2-16ff6 187f8-187ff 18cff 18d09-18d1e 18d80-18df2 ' +
  '1cc00-1ccfc 1cd00-1ceb3 1ceba-1ced0 1cee0-1cef0 1e5d0-1e5fa 1e5ff 1e6c0-1e6de 1e6e0-1e6f5 1e6fe-1e6ff 1f6d8 ' +
  '1f777-1f77a 1f8b2-1f8bb 1f8c0-1f8c1 1f8d0-1f8d8 1fa54-1fa57 1fa89-1fa8a 1fa8e-1fa8f 1fabe 1fac6 1fac8 1facd 1fadc ' +
  '1fadf 1fae9-1faea 1faef 1fbcb-1fbef 1fbfa 2b73a-2b73f 2cea2-2cead 2ebf0-2ee5d 323b0-33479';

const isLater = new RegExp(
  `^[${later
    .split(' ')
    .map((range) =>
      range
        .split('-')
        .map((code) => `\\u{${code}}`)
        .join('-'),
    )
    .join('')}]$`,
  'u',
);

function classify(pattern: RegExp): (code: number) => boolean {
  return (code) => {
    const char = String.fromCodePoint(code);
    return pattern.test(char) && !isLater.test(char);
  };
}

const letter = classify(/^\p{L}$/u);
const digit = classify(/^\p{Nd}$/u);
const upper = classify(/^\p{Lu}$/u);
const lower = classify(/^[\p{Ll}\u0295]$/u);
const titlecase = classify(/^\p{Lt}$/u);
const number = classify(/^\p{N}$/u);
const punctuation = classify(/^\p{P}$/u);
const printable = classify(/^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u);

/** unicode.IsLetter */
export function isLetter(code: number): boolean {
  return code < 0x80 ? isAsciiLetter(code) : letter(code);
}

/** unicode.IsDigit: decimal digits of every script. */
export function isDigit(code: number): boolean {
  return code < 0x80 ? code >= 0x30 && code <= 0x39 : digit(code);
}

/** unicode.IsUpper */
export function isUpper(code: number): boolean {
  return code < 0x80 ? code >= 0x41 && code <= 0x5a : upper(code);
}

/** unicode.IsLower; U+0295 was a small letter until Unicode 16. */
export function isLower(code: number): boolean {
  return code < 0x80 ? code >= 0x61 && code <= 0x7a : lower(code);
}

/** unicode.IsTitle */
export function isTitle(code: number): boolean {
  return code >= 0x80 && titlecase(code);
}

/** unicode.IsNumber: digits, and signs such as `½` and `Ⅷ`. */
export function isNumber(code: number): boolean {
  return code < 0x80 ? isDigit(code) : number(code);
}

/** unicode.IsPunct */
export function isPunctuation(code: number): boolean {
  return punctuation(code);
}

/** unicode.IsSpace */
export function isSpace(code: number): boolean {
  if (code < 0x100) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0x85 || code === 0xa0;
  return /^\p{White_Space}$/u.test(String.fromCodePoint(code));
}

/** strconv.IsPrint: letters, marks, numbers, punctuation, symbols, and of the spaces only the ASCII one. */
export function isPrint(code: number): boolean {
  return code < 0x7f ? code >= 0x20 : printable(code);
}

function isAsciiLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** unicode.ToUpper */
export function toUpper(code: number): number {
  // Greek letters with iota subscript have a simple upper case beside the full one, which has two letters.
  if (code >= 0x1f80 && code <= 0x1fff) return iotaUpper(code) ?? simple(code, (char) => char.toUpperCase());
  return simple(code, (char) => char.toUpperCase());
}

/** unicode.ToLower */
export function toLower(code: number): number {
  // The full lower case of this one has a combining dot.
  return code === 0x130 ? 0x69 : simple(code, (char) => char.toLowerCase());
}

/** unicode.ToTitle */
export function toTitle(code: number): number {
  for (const middle of [0x1c5, 0x1c8, 0x1cb, 0x1f2]) if (Math.abs(code - middle) <= 1) return middle;
  const isGeorgian = code >= 0x10d0 && code <= 0x10ff;
  return isGeorgian ? code : toUpper(code);
}

/** The mapping when it is of one character to one character that Go knows, else the character itself. */
function simple(code: number, map: (char: string) => string): number {
  const mapped = map(String.fromCodePoint(code));
  const to = mapped.codePointAt(0) ?? code;
  if (to === code || mapped.length > (to > 0xffff ? 2 : 1)) return code;
  return isLater.test(mapped) || isLater.test(String.fromCodePoint(code)) ? code : to;
}

function iotaUpper(code: number): number | undefined {
  if (code <= 0x1faf && code % 16 < 8) return code + 8;
  return code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3 ? code + 9 : undefined;
}
