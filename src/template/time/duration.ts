/** Go's time.Duration: a signed 64-bit count of nanoseconds, its text form and its arithmetic. */
import { digitRun, isDigitAt, leadingInt, quoteBytes } from './digits.ts';

export const nanosecond = 1n;
export const microsecond = 1_000n;
export const millisecond = 1_000_000n;
export const second = 1_000_000_000n;
export const minute = 60n * second;
export const hour = 60n * minute;

export const maxDuration = (1n << 63n) - 1n;
export const minDuration = -(1n << 63n);

/** Keyed by byte strings: both spellings of micro (U+00B5, U+03BC) appear as their UTF-8 bytes. */
const unitNanoseconds: ReadonlyMap<string, bigint> = new Map([
  ['ns', nanosecond],
  ['us', microsecond],
  ['\u00c2\u00b5s', microsecond],
  ['\u00ce\u00bcs', microsecond],
  ['ms', millisecond],
  ['s', second],
  ['m', minute],
  ['h', hour],
]);

/** Reads "1h30m", "-1.5s", "100ms"; throws with Go's message for anything else or beyond 64 bits. */
export function parseDuration(text: string): bigint {
  const negative = text.startsWith('-');
  let rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return 0n;
  if (rest === '') throw invalidDuration(text);
  let total = 0n;
  while (rest !== '') {
    const part = parsePart(rest, text);
    total = BigInt.asUintN(64, total + part.nanoseconds);
    if (total > -minDuration) throw invalidDuration(text);
    rest = part.rest;
  }
  if (negative) return -total;
  if (total > maxDuration) throw invalidDuration(text);
  return total;
}

/** One number with its unit at the start of `input`. */
function parsePart(input: string, whole: string): { nanoseconds: bigint; rest: string } {
  if (input[0] !== '.' && !isDigitAt(input, 0)) throw invalidDuration(whole);
  const integer = leadingInt(input);
  if (integer === undefined) throw invalidDuration(whole);
  let rest = integer.rest;
  let fraction = '';
  if (rest.startsWith('.')) {
    fraction = rest.slice(1, 1 + digitRun(rest, 1));
    rest = rest.slice(1 + fraction.length);
  }
  if (integer.rest.length === input.length && fraction === '') throw invalidDuration(whole);
  const unitText = rest.slice(0, unitLength(rest));
  if (unitText === '') throw new Error(`time: missing unit in duration ${quoteBytes(whole)}`);
  const unit = unitNanoseconds.get(unitText);
  if (unit === undefined) {
    throw new Error(`time: unknown unit ${quoteBytes(unitText)} in duration ${quoteBytes(whole)}`);
  }
  const nanoseconds = integer.value * unit + fractionOf(fraction, unit);
  if (integer.value > -minDuration / unit || nanoseconds > -minDuration) throw invalidDuration(whole);
  return { nanoseconds, rest: rest.slice(unitText.length) };
}

/** A unit runs to the next digit or point. */
function unitLength(text: string): number {
  let length = 0;
  while (length < text.length && text[length] !== '.' && !isDigitAt(text, length)) length += 1;
  return length;
}

/** Go multiplies the fraction as float64, taking only as many digits as fit 63 bits. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > maxDuration / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > -minDuration) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

function invalidDuration(text: string): Error {
  return new Error(`time: invalid duration ${quoteBytes(text)}`);
}

/** Go's text form: "1h2m3.5s", units below a second ("1.5ms", "3\u00b5s", "0s"). A byte string. */
export function formatDuration(nanoseconds: bigint): string {
  const magnitude = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const sign = nanoseconds < 0n ? '-' : '';
  if (magnitude === 0n) return '0s';
  if (magnitude < microsecond) return `${sign}${magnitude}ns`;
  if (magnitude < millisecond) return `${sign}${decimal(magnitude, 3)}\u00c2\u00b5s`;
  if (magnitude < second) return `${sign}${decimal(magnitude, 6)}ms`;
  const totalMinutes = magnitude / minute;
  const seconds = `${decimal(magnitude % minute, 9)}s`;
  if (totalMinutes === 0n) return `${sign}${seconds}`;
  if (totalMinutes < 60n) return `${sign}${totalMinutes}m${seconds}`;
  return `${sign}${totalMinutes / 60n}h${totalMinutes % 60n}m${seconds}`;
}

/** `value` / 10^`places` without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const scale = 10n ** BigInt(places);
  const fraction = String(value % scale)
    .padStart(places, '0')
    .replace(/0+$/, '');
  return fraction === '' ? String(value / scale) : `${value / scale}.${fraction}`;
}

/** The duration in `unit`s as Go computes the float64: whole units plus the remainder's share. */
export function inUnits(nanoseconds: bigint, unit: bigint): number {
  return Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit);
}

/** Towards zero to a multiple of `unit`; unchanged when `unit` is not positive. */
export function truncateDuration(nanoseconds: bigint, unit: bigint): bigint {
  return unit <= 0n ? nanoseconds : nanoseconds - (nanoseconds % unit);
}

/** To the nearest multiple of `unit`, halves away from zero, saturating at the ends of the range. */
export function roundDuration(nanoseconds: bigint, unit: bigint): bigint {
  if (unit <= 0n) return nanoseconds;
  const magnitude = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const remainder = magnitude % unit;
  const rounded = remainder * 2n < unit ? magnitude - remainder : magnitude + unit - remainder;
  if (nanoseconds < 0n) return -rounded < minDuration ? minDuration : -rounded;
  return rounded > maxDuration ? maxDuration : rounded;
}

/** The magnitude; the most negative duration saturates. */
export function absDuration(nanoseconds: bigint): bigint {
  if (nanoseconds >= 0n) return nanoseconds;
  return nanoseconds === minDuration ? maxDuration : -nanoseconds;
}
