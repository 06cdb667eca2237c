/** Numbers as Grafana writes them, for the units that the dashboard uses. */

export function format(value: number, unit: string): string {
  switch (unit) {
    case 'bytes':
      return `${short(value / 1e6)} MB`;
    case 's':
      return duration(value);
    case 'percentunit':
      return `${short(value * 100)}%`;
    case 'currencyUSD':
      return `$${short(value)}`;
    case 'ops':
    case 'reqps':
      return `${short(value)}/s`;
    default:
      return short(value);
  }
}

function duration(seconds: number): string {
  if (Math.abs(seconds) >= 86_400) return `${short(seconds / 86_400)} d`;
  if (Math.abs(seconds) >= 120) return `${short(seconds / 60)} min`;
  return Math.abs(seconds) >= 1 || seconds === 0 ? `${short(seconds)} s` : `${short(seconds * 1000)} ms`;
}

function short(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(0)} k`;
  if (value >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return value >= 1 ? value.toFixed(1) : value.toPrecision(2);
}
