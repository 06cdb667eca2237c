/** Ages as `kubectl get` prints them. */

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const yearMs = 365 * dayMs;

/** Two units at most, the smaller one only where it still says something: `34s`, `2m5s`, `3h`, `4d2h`, `2y11d`. */
export function humanDuration(durationMs: number): string {
  if (durationMs < -secondMs) return '<invalid>';
  if (durationMs < 0) return '0s';
  if (durationMs < 2 * minuteMs) return count(durationMs, secondMs, 's');
  if (durationMs < 10 * minuteMs) return pair(durationMs, minuteMs, 'm', secondMs, 's');
  if (durationMs < 3 * hourMs) return count(durationMs, minuteMs, 'm');
  if (durationMs < 8 * hourMs) return pair(durationMs, hourMs, 'h', minuteMs, 'm');
  if (durationMs < 2 * dayMs) return count(durationMs, hourMs, 'h');
  if (durationMs < 8 * dayMs) return pair(durationMs, dayMs, 'd', hourMs, 'h');
  if (durationMs < 2 * yearMs) return count(durationMs, dayMs, 'd');
  if (durationMs < 8 * yearMs) return pair(durationMs, yearMs, 'y', dayMs, 'd');
  return count(durationMs, yearMs, 'y');
}

function count(durationMs: number, unitMs: number, unit: string): string {
  return `${Math.floor(durationMs / unitMs)}${unit}`;
}

function pair(durationMs: number, unitMs: number, unit: string, smallMs: number, small: string): string {
  const rest = Math.floor((durationMs % unitMs) / smallMs);
  return count(durationMs, unitMs, unit) + (rest === 0 ? '' : `${rest}${small}`);
}
