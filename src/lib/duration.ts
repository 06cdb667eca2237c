/** Go's time.Duration as users write it: `1h30m`, `1.5s`, `100ms`; nanoseconds as in Go, so nothing is rounded. */

export class DurationSyntaxError extends Error {
  override readonly name = 'DurationSyntaxError';
}

const units: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const limit = 1n << 63n;

/** One number and its unit, which runs to the next digit or point. */
const part = /^([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/u;

/**
 * Nanoseconds, as Go's `time.ParseDuration`.
 * @throws DurationSyntaxError with Go's words
 */
export function parseDuration(text: string): bigint {
  const negative = text.startsWith('-');
  let rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return 0n;
  if (rest === '') throw invalid(text);
  let total = 0n;
  while (rest !== '') {
    const [matched, integer = '', fraction = '', unit = ''] = part.exec(rest) ?? [];
    if (matched === undefined || integer + fraction === '') throw invalid(text);
    total += nanoseconds(text, integer, fraction, unit);
    if (total > limit) throw invalid(text);
    rest = rest.slice(matched.length);
  }
  if (negative) return -total;
  if (total === limit) throw invalid(text);
  return total;
}

/** Milliseconds, possibly with a fraction. @throws DurationSyntaxError */
export function parseDurationMs(text: string): number {
  return Number(parseDuration(text)) / 1_000_000;
}

/** Milliseconds, or `otherwise` when the text is no duration: for fields whose mistakes somebody else reports. */
export function durationMsOr<T>(text: string, otherwise: T): number | T {
  try {
    return parseDurationMs(text);
  } catch (error) {
    if (error instanceof DurationSyntaxError) return otherwise;
    throw error;
  }
}

function nanoseconds(whole: string, integer: string, fraction: string, unit: string): bigint {
  if (unit === '') throw new DurationSyntaxError(`time: missing unit in duration ${JSON.stringify(whole)}`);
  const factor = units.get(unit);
  if (factor === undefined) {
    throw new DurationSyntaxError(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(whole)}`);
  }
  return BigInt(integer) * factor + fractionOf(fraction, factor);
}

/** Go multiplies the fraction as float64, and takes only as many of its digits as fit into 63 bits. */
function fractionOf(digits: string, factor: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > (limit - 1n) / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > limit) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(factor) / scale)));
}

function invalid(text: string): DurationSyntaxError {
  return new DurationSyntaxError(`time: invalid duration ${JSON.stringify(text)}`);
}

/** As Go's `Duration.String`: `1h0m0s`, `1.5s`, `100ms`, `0s`. */
export function formatDuration(duration: bigint): string {
  const sign = duration < 0n ? '-' : '';
  const size = duration < 0n ? -duration : duration;
  if (size === 0n) return '0s';
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}µs`;
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 6)}ms`;
  const minutes = size / 60_000_000_000n;
  const seconds = `${decimal(size % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** `value` with so many decimals, without the zeros at their end. */
function decimal(value: bigint, decimals: number): string {
  const digits = value.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return digits.slice(0, -decimals) + (fraction === '' ? '' : `.${fraction}`);
}
