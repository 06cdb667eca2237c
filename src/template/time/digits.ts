/** The number scanning that layouts and durations share; the strings are byte strings. */

const zero = 0x30;
const nine = 0x39;
const maxInt64Magnitude = 1n << 63n;
const maxInt64Digits = 19;

export function isDigitAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= zero && code <= nine;
}

/** The length of the run of digits at `from`. */
export function digitRun(text: string, from = 0): number {
  let end = from;
  while (isDigitAt(text, end)) end += 1;
  return end - from;
}

/** The leading decimal digits as a number; undefined when it passes 2^63. No digits give 0, as in Go. */
export function leadingInt(text: string): { readonly value: bigint; readonly rest: string } | undefined {
  const length = digitRun(text);
  const digits = text.slice(0, length).replace(/^0+/, '');
  if (digits.length > maxInt64Digits) return undefined;
  const value = BigInt(digits);
  return value > maxInt64Magnitude ? undefined : { value, rest: text.slice(length) };
}

/** A whole decimal number with an optional sign; an empty string (or a bare sign) is 0, as in Go's time package. */
export function signedInt(text: string): number | undefined {
  const negative = text.startsWith('-');
  const leading = leadingInt(negative || text.startsWith('+') ? text.slice(1) : text);
  if (leading === undefined || leading.rest !== '') return undefined;
  const value = Number(leading.value);
  return negative ? -value : value;
}

/** `value` in decimal, at least `width` digits; a sign comes before the padding. */
export function padded(value: number, width: number): string {
  return value < 0 ? `-${String(-value).padStart(width, '0')}` : String(value).padStart(width, '0');
}

/** Quotes as errors of Go's time package do: bytes outside printable ASCII as \xNN. */
export function quoteBytes(text: string): string {
  let quoted = '"';
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (code >= 0x80 || code < 0x20) quoted += `\\x${code.toString(16).padStart(2, '0')}`;
    else quoted += char === '"' || char === '\\' ? `\\${char}` : char;
  }
  return `${quoted}"`;
}
