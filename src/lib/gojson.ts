/** JSON as Go's encoding/json writes it. */

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

// oxlint-disable-next-line no-control-regex -- control characters are what has to be escaped
const toEscape = /["\\\u2028\u2029\u0000-\u001f]/g;

/** A JSON string; `<`, `>`, `&` and the two line separators are escaped, bytes that are not UTF-8 become U+FFFD. */
export function quoteJson(content: string | Uint8Array): string {
  return quoteJsonPlain(content).replace(/[<>&]/g, hexEscape);
}

/** The same with `<`, `>` and `&` as they are: an encoder after `SetEscapeHTML(false)`. */
export function quoteJsonPlain(content: string | Uint8Array): string {
  const text = typeof content === 'string' ? content.toWellFormed() : Buffer.from(content).toString('utf8');
  return `"${text.replace(toEscape, (character) => shortEscapes[character] ?? hexEscape(character))}"`;
}

function hexEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** As Go's `FormatFloat(value, 'f', -1, 64)`: the shortest decimal digits that mean this number, never an exponent. */
export function formatDecimal(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [, integer = '', fraction = '', exponent = '0'] =
    /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(Math.abs(value))) ?? [];
  const digits = integer + fraction;
  const point = integer.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
