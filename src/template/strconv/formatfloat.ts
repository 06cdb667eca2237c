/** Go's strconv.FormatFloat for every format and precision, exact: digits come from the number's own binary value. */
import { formatShortest, formatShortest32 } from './float.ts';

export type FloatFormat = 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'b' | 'x' | 'X';

/** Decimal digits `0.d1d2d3…` times ten to the power of `point`. */
interface Digits {
  readonly digits: string;
  readonly point: number;
}

/** @param precision -1: as many digits as are needed to tell the number from its neighbours */
export function formatFloat(value: number, format: FloatFormat, precision: number, bits: 32 | 64 = 64): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  switch (format) {
    case 'b':
      return sign + binaryForm(size, bits);
    case 'x':
    case 'X': {
      const text = hexForm(size, precision);
      return sign + (format === 'X' ? text.toUpperCase() : text);
    }
    default:
      return sign + decimalForm(size, format, precision, bits);
  }
}

function decimalForm(
  size: number,
  format: 'e' | 'E' | 'f' | 'F' | 'g' | 'G',
  precision: number,
  bits: 32 | 64,
): string {
  const isShortest = precision < 0;
  switch (format) {
    case 'e':
    case 'E': {
      const digits = isShortest ? shortest(size, bits) : rounded(size, precision + 1, 'significant');
      return exponentForm(digits, isShortest ? digits.digits.length - 1 : precision, format);
    }
    case 'f':
    case 'F': {
      const digits = isShortest ? shortest(size, bits) : rounded(size, precision, 'fraction');
      return fixedForm(digits, isShortest ? Math.max(digits.digits.length - digits.point, 0) : precision);
    }
    default:
      return generalForm(size, format, precision, bits);
  }
}

/** `%e` for exponents below -4 or not below the precision, else `%f`. */
function generalForm(size: number, format: 'g' | 'G', precision: number, bits: 32 | 64): string {
  const isShortest = precision < 0;
  const wanted = isShortest ? 6 : Math.max(precision, 1);
  const digits = isShortest ? shortest(size, bits) : trimZeros(rounded(size, wanted, 'significant'));
  const count = digits.digits.length;
  // Shortest digits count as six of them; more digits than there are do not make an exponent needless.
  const limit = isShortest ? 6 : wanted > count && count >= digits.point ? count : wanted;
  const exponent = digits.point - 1;
  if (size !== 0 && (exponent < -4 || exponent >= limit)) {
    return exponentForm(digits, Math.min(count, isShortest ? count : wanted) - 1, format === 'g' ? 'e' : 'E');
  }
  return fixedForm(digits, Math.max(count - digits.point, 0));
}

function exponentForm({ digits, point }: Digits, fraction: number, letter: 'e' | 'E'): string {
  const isZero = digits === '' || /^0*$/.test(digits);
  const padded = (isZero ? '0' : digits).padEnd(fraction + 1, '0');
  const exponent = isZero ? 0 : point - 1;
  const mantissa = fraction > 0 ? `${padded[0]}.${padded.slice(1, fraction + 1)}` : (padded[0] ?? '0');
  return `${mantissa}${letter}${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function fixedForm({ digits, point }: Digits, fraction: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (fraction <= 0) return whole === '' ? '0' : whole;
  const behind = point >= 0 ? digits.slice(point) : '0'.repeat(Math.min(-point, fraction)) + digits;
  return `${whole}.${behind.slice(0, fraction).padEnd(fraction, '0')}`;
}

function shortest(size: number, bits: 32 | 64): Digits {
  if (size === 0) return { digits: '', point: 0 };
  const text = bits === 32 ? formatShortest32(size) : formatShortest(size);
  const [mantissa = '', exponent = '0'] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  const leading = /^0*/.exec(all)?.[0].length ?? 0;
  return trimZeros({ digits: all.slice(leading), point: whole.length - leading + Number(exponent) });
}

function trimZeros({ digits, point }: Digits): Digits {
  return { digits: digits.replace(/0+$/, ''), point };
}

/** Rounds half to even on the exact decimal value: to significant digits, or to digits behind the point. */
function rounded(size: number, count: number, kind: 'significant' | 'fraction'): Digits {
  const exact = exactDecimal(size);
  const keep = kind === 'significant' ? count : exact.point + count;
  if (keep >= exact.digits.length) return exact;
  if (keep < 0) return { digits: '', point: exact.point };
  const kept = exact.digits.slice(0, keep);
  if (!roundsUp(exact.digits, keep)) return { digits: kept, point: exact.point };
  const bumped = (BigInt(kept || '0') + 1n).toString().padStart(keep, '0');
  return { digits: bumped, point: exact.point + bumped.length - keep };
}

function roundsUp(digits: string, keep: number): boolean {
  const next = digits.charCodeAt(keep) - 48;
  if (next !== 5 || /[1-9]/.test(digits.slice(keep + 1))) return next >= 5;
  return keep > 0 && digits.charCodeAt(keep - 1) % 2 === 1;
}

/** All digits of a float: there are at most 767 of them. */
function exactDecimal(size: number): Digits {
  if (size === 0) return { digits: '', point: 0 };
  const { mantissa, exponent } = decompose(size);
  if (exponent >= 0) {
    const digits = (mantissa << BigInt(exponent)).toString();
    return { digits, point: digits.length };
  }
  // m / 2^k is m * 5^k / 10^k.
  const digits = (mantissa * 5n ** BigInt(-exponent)).toString();
  return { digits, point: digits.length + exponent };
}

/** The number is the mantissa times two to the power of the exponent. */
function decompose(size: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

/** `%b`: `mantissa p exponent` in the number's own binary form. */
function binaryForm(size: number, bits: 32 | 64): string {
  const { mantissa, exponent } = decompose(size);
  if (bits === 64) return `${mantissa}p${signed(size === 0 ? -1074 : exponent)}`;
  return size === 0 ? '0p-149' : `${mantissa >> 29n}p${signed(exponent + 29)}`;
}

/** `%x`: one hexadecimal digit, a point, the rest, and the power of two. */
function hexForm(size: number, precision: number): string {
  if (size === 0) return `0x0${precision > 0 ? `.${'0'.repeat(precision)}` : ''}p+00`;
  let { mantissa, exponent } = decompose(size);
  while (mantissa >> 52n === 0n) {
    mantissa <<= 1n;
    exponent -= 1;
  }
  exponent += 52;
  let fractionBits = 52;
  if (precision >= 0 && precision < 13) {
    const drop = BigInt(52 - precision * 4);
    const half = 1n << (drop - 1n);
    const rest = mantissa & ((1n << drop) - 1n);
    mantissa >>= drop;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa += 1n;
    fractionBits = precision * 4;
    if (mantissa >> BigInt(fractionBits + 1) === 1n) {
      mantissa >>= 1n;
      exponent += 1;
    }
  }
  const fraction = (mantissa & ((1n << BigInt(fractionBits)) - 1n)).toString(16).padStart(fractionBits / 4, '0');
  const shown = precision < 0 ? fraction.replace(/0+$/, '') : fraction.slice(0, precision).padEnd(precision, '0');
  return `0x1${shown === '' ? '' : `.${shown}`}p${signed(exponent, 2)}`;
}

function signed(exponent: number, digits = 1): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(digits, '0')}`;
}
