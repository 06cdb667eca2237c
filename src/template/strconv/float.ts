/** Go's strconv for floats: ParseFloat, and the shortest text of a float in the format `g`. */
import { underscoresAreRight } from './int.ts';

const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const hexadecimal = /^([-+]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([-+]?\d+)$/;
const special = /^([-+]?)(inf|infinity|nan)$/i;

/** `strconv.ParseFloat(text, 64)`: undefined where Go gives an error, also for a number too large to hold. */
export function parseFloat64(text: string): number | undefined {
  const named = special.exec(text);
  if (named !== null) return parseSpecial(named[1] ?? '', (named[2] ?? '').toLowerCase());
  if (text.includes('_') && !underscoresAreRight(text)) return undefined;
  const plain = text.replaceAll('_', '');
  const value = decimal.test(plain) ? Number(plain) : parseHexFloat(plain);
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

function parseSpecial(sign: string, name: string): number | undefined {
  if (name === 'nan') return sign === '' ? Number.NaN : undefined;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function parseHexFloat(text: string): number | undefined {
  const match = hexadecimal.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = ''] = match;
  if (whole + fraction === '') return undefined;
  const mantissa = Number(BigInt(`0x${whole}${fraction}`));
  const value = scale(mantissa, Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -value : value;
}

/** Multiplies by a power of two in steps that neither overflow nor underflow by themselves. */
function scale(value: number, exponent: number): number {
  let left = Math.max(Math.min(exponent, 20_000), -20_000);
  let scaled = value;
  while (left !== 0) {
    const step = Math.max(Math.min(left, 1_000), -1_000);
    scaled *= 2 ** step;
    left -= step;
  }
  return scaled;
}

/** `strconv.FormatFloat(value, 'g', -1, 64)`: the shortest text that reads back, with `e` below 1e-4 and from a million on. */
export function formatShortest(value: number): string {
  return formatG(value, (finite) => finite.toExponential());
}

/** `strconv.FormatFloat(value, 'g', -1, 32)`: as few digits as tell the nearest float32 from its neighbours. */
export function formatShortest32(value: number): string {
  return formatG(Math.fround(value), shortest32);
}

function shortest32(value: number): string {
  for (let digits = 0; digits < 9; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential();
}

function formatG(value: number, toExponential: (finite: number) => string): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = ''] = toExponential(value).split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= shortestPrecision)
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${padExponent(exponent)}`;
  return shiftPoint(mantissa, exponent);
}

/** Go decides between `%e` and `%f` as if the shortest text had this precision. */
const shortestPrecision = 6;

function padExponent(exponent: number): string {
  return String(Math.abs(exponent)).padStart(2, '0');
}

function shiftPoint(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace('-', '').replace('.', '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}
