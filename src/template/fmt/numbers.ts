/** Integers and floats under every verb of Go's fmt. */

import { type FloatFormat, formatFloat } from '../strconv/formatfloat.ts';
import { quoteRune } from '../strconv/quoterune.ts';
import { isPrint } from '../text/unicode.ts';
import { encodeRune } from '../text/utf8.ts';
import { type Flags, pad, padding } from './flags.ts';

/** Undefined: integers have no such verb. */
export function formatInteger(value: bigint, isSigned: boolean, verb: string, flags: Flags): string | undefined {
  switch (verb) {
    case 'v':
      return flags.sharpV && !isSigned
        ? inBase(value, 16, 'v', { ...flags, sharp: true })
        : inBase(value, 10, verb, flags);
    case 'd':
      return inBase(value, 10, verb, flags);
    case 'b':
      return inBase(value, 2, verb, flags);
    case 'o':
    case 'O':
      return inBase(value, 8, verb, flags);
    case 'x':
      return inBase(value, 16, verb, flags);
    case 'X':
      return inBase(value, 16, verb, flags);
    case 'c':
      return pad(encodeRune(codeOf(value)), flags);
    case 'q':
      return pad(quoteRune(codeOf(value), flags.plus), flags);
    case 'U':
      return unicode(value, flags);
    default:
      return undefined;
  }
}

/** What is no code point is U+FFFD. */
function codeOf(value: bigint): number {
  const isSurrogate = value >= 0xd800n && value <= 0xdfffn;
  return value < 0n || value > 0x10ffffn || isSurrogate ? 0xfffd : Number(value);
}

function inBase(value: bigint, base: number, verb: string, flags: Flags): string {
  const size = value < 0n ? -value : value;
  const sign = value < 0n ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  let least = 0;
  if (flags.precision !== undefined) {
    // Nothing is shown of a zero without digits.
    if (flags.precision === 0 && size === 0n) return padding(flags.width ?? 0, { ...flags, zero: false });
    least = flags.precision;
  } else if (flags.zero && !flags.minus && flags.width !== undefined) {
    least = flags.width - (sign === '' ? 0 : 1);
  }
  const lower = size.toString(base).padStart(least, '0');
  const digits = verb === 'X' ? lower.toUpperCase() : lower;
  return pad(sign + prefixOf(digits, base, verb, flags) + digits, { ...flags, zero: false });
}

function prefixOf(digits: string, base: number, verb: string, { sharp }: Flags): string {
  const prefix = sharp ? sharpPrefix(digits, base, verb) : '';
  return verb === 'O' ? `0o${prefix}` : prefix;
}

function sharpPrefix(digits: string, base: number, verb: string): string {
  switch (base) {
    case 2:
      return '0b';
    case 8:
      return digits.startsWith('0') ? '' : '0';
    case 16:
      return verb === 'X' ? '0X' : '0x';
    default:
      return '';
  }
}

/** `U+0041`, with `#` also `'A'`. */
function unicode(value: bigint, flags: Flags): string {
  const bits = BigInt.asUintN(64, value);
  const digits = bits
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(flags.precision ?? 4, 4), '0');
  const isShown = flags.sharp && bits <= 0x10ffffn && isPrint(Number(bits));
  const shown = isShown ? ` '${encodeRune(Number(bits))}'` : '';
  return pad(`U+${digits}${shown}`, { ...flags, zero: false });
}

/** Undefined: floats have no such verb. */
export function formatFloatVerb(value: number, bits: 32 | 64, verb: string, flags: Flags): string | undefined {
  switch (verb) {
    case 'v':
      return withSign(value, bits, 'g', -1, flags);
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
      return withSign(value, bits, verb, -1, flags);
    case 'f':
    case 'F':
    case 'e':
    case 'E':
      return withSign(value, bits, verb, 6, flags);
    default:
      return undefined;
  }
}

function withSign(value: number, bits: 32 | 64, format: FloatFormat, defaultPrecision: number, flags: Flags): string {
  const precision = flags.precision ?? defaultPrecision;
  const text = formatFloat(value, format, precision, bits);
  const isSigned = text.startsWith('-') || text.startsWith('+');
  const unsigned = isSigned ? text.slice(1) : text;
  const positive = flags.space && !flags.plus ? ' ' : '+';
  const sign = text.startsWith('-') ? '-' : positive;
  if (!Number.isFinite(value)) {
    const hidesSign = Number.isNaN(value) && !flags.space && !flags.plus;
    return pad((hidesSign ? '' : sign) + unsigned, { ...flags, zero: false });
  }
  const body = flags.sharp && format !== 'b' ? withPoint(unsigned, format, precision) : unsigned;
  if (!flags.plus && sign === '+') return pad(body, flags);
  const { width } = flags;
  if (flags.zero && !flags.minus && width !== undefined && width > body.length + 1) {
    return sign + padding(width - body.length - 1, flags) + body;
  }
  return pad(sign + body, flags);
}

/** `%#g`: always a decimal point, and zeros up to the precision. */
function withPoint(text: string, format: FloatFormat, precision: number): string {
  const isCounted = format === 'g' || format === 'G' || format === 'x';
  let digits = isCounted ? (precision === -1 ? 6 : precision) : 0;
  const exponentAt = text.search(format === 'x' || format === 'X' ? /[pP]/ : /[eE]/);
  const body = exponentAt === -1 ? text : text.slice(0, exponentAt);
  const tail = exponentAt === -1 ? '' : text.slice(exponentAt);
  let hasSeenDigit = false;
  for (const unit of body) {
    if (unit === '.') continue;
    if (unit !== '0') hasSeenDigit = true;
    if (hasSeenDigit) digits -= 1;
  }
  const hasPoint = body.includes('.');
  if (!hasPoint && body === '0') digits -= 1;
  return (hasPoint ? body : `${body}.`) + '0'.repeat(Math.max(digits, 0)) + tail;
}
