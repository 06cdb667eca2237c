/** Durations as Go's time.ParseDuration reads them: `1h30m`, `1.5h`, `300ms`, `-2s`, `0`. */

const unitsInMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3, // U+00B5, micro sign
  μs: 1e-3, // U+03BC, Greek mu
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const whole = /^([-+]?)((?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** Go holds durations as int64 nanoseconds, about 292 years. */
const maxMs = 2 ** 63 / 1e6;

/** The duration in milliseconds; undefined when the text is not one, or one that Go cannot hold. */
export function parseDuration(text: string): number | undefined {
  if (/^[-+]?0$/.test(text)) return 0;
  const sign = whole.exec(text)?.[1];
  if (sign === undefined) return undefined;
  let totalMs = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(part)) totalMs += Number(amount) * (unitsInMs[unit] ?? 0);
  if (totalMs >= maxMs) return undefined;
  return sign === '-' ? -totalMs : totalMs;
}
