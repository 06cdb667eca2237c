/** Go's strconv for integers: ParseInt, ParseUint and Atoi, with Go's literal prefixes and underscores. */

export const maxInt64 = 2n ** 63n - 1n;
export const minInt64 = -(2n ** 63n);
const maxUint64 = 2n ** 64n - 1n;

/** A number, or why there is none; out of range Go also gives the nearest bound. */
export type Parsed =
  | { readonly ok: true; readonly value: bigint }
  | { readonly ok: false; readonly reason: 'invalid syntax' | 'value out of range'; readonly value: bigint };

/** `strconv.ParseInt(text, base, 64)`. Base 0 reads `0x`, `0o`, `0b`, a leading `0` as octal, and underscores. */
export function parseInt64(text: string, base: number): Parsed {
  const negative = text.startsWith('-');
  const unsigned = negative || text.startsWith('+') ? text.slice(1) : text;
  const magnitude = parseUint64(unsigned, base);
  if (!magnitude.ok && magnitude.reason === 'invalid syntax') return magnitude;
  const value = negative ? -magnitude.value : magnitude.value;
  if (magnitude.ok && value >= minInt64 && value <= maxInt64) return { ok: true, value };
  return { ok: false, reason: 'value out of range', value: negative ? minInt64 : maxInt64 };
}

/** `strconv.ParseUint(text, base, 64)`. */
export function parseUint64(text: string, base: number): Parsed {
  const literal = base === 0 ? literalOf(text) : { digits: text, radix: base };
  if (literal === undefined || !isNumeral(literal.digits, literal.radix)) {
    return { ok: false, reason: 'invalid syntax', value: 0n };
  }
  const value = toBigInt(literal.digits, literal.radix);
  return value <= maxUint64 ? { ok: true, value } : { ok: false, reason: 'value out of range', value: maxUint64 };
}

/** `strconv.Atoi(text)` with its error ignored: 0 for what is no number, the bound for what is too large. */
export function atoi(text: string): bigint {
  return parseInt64(text, 10).value;
}

const radixes: ReadonlyMap<string, number> = new Map([
  ['x', 16],
  ['o', 8],
  ['b', 2],
]);

interface Literal {
  readonly digits: string;
  readonly radix: number;
}

/** Splits a Go literal into radix and digits; undefined when its underscores stand wrong. */
function literalOf(text: string): Literal | undefined {
  if (text.includes('_') && !underscoresAreRight(text)) return undefined;
  const plain = text.replaceAll('_', '');
  if (!plain.startsWith('0') || plain === '0') return { digits: plain, radix: 10 };
  const radix = plain.length >= 3 ? radixes.get(plain.charAt(1).toLowerCase()) : undefined;
  return radix === undefined ? { digits: plain.slice(1), radix: 8 } : { digits: plain.slice(2), radix };
}

/** Go's rule: an underscore stands between two digits, and a base prefix counts as a digit. */
export function underscoresAreRight(text: string): boolean {
  const unsigned = /^[-+]/.test(text) ? text.slice(1) : text;
  const prefix = /^0[xob]/i.exec(unsigned)?.[0].toLowerCase() ?? '';
  const isDigit = prefix === '0x' ? /[0-9a-f]/i : /[0-9]/;
  let before: 'digit' | 'underscore' | 'other' = prefix === '' ? 'other' : 'digit';
  for (const char of unsigned.slice(prefix.length)) {
    const here = char === '_' ? 'underscore' : isDigit.test(char) ? 'digit' : 'other';
    if (here === 'underscore' && before !== 'digit') return false;
    if (before === 'underscore' && here !== 'digit') return false;
    before = here;
  }
  return before !== 'underscore';
}

function isNumeral(digits: string, radix: number): boolean {
  if (digits === '') return false;
  for (let i = 0; i < digits.length; i++) if (!(digitValue(digits.charCodeAt(i)) < radix)) return false;
  return true;
}

function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a ? lower - 0x61 + 10 : Number.NaN;
}

function toBigInt(digits: string, radix: number): bigint {
  if (radix === 10) return BigInt(digits);
  if (radix === 16) return BigInt(`0x${digits}`);
  if (radix === 8) return BigInt(`0o${digits}`);
  return radix === 2 ? BigInt(`0b${digits}`) : foldDigits(digits, BigInt(radix));
}

function foldDigits(digits: string, radix: bigint): bigint {
  let value = 0n;
  for (let i = 0; i < digits.length; i++) value = value * radix + BigInt(digitValue(digits.charCodeAt(i)));
  return value;
}
