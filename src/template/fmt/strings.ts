/** Strings and byte slices under every verb of Go's fmt. */
import { quote } from '../strconv/quote.ts';
import { isPrint } from '../text/unicode.ts';
import { runes } from '../text/utf8.ts';
import { type Flags, pad } from './flags.ts';

/** Undefined: strings have no such verb. */
export function formatString(text: string, verb: string, flags: Flags): string | undefined {
  switch (verb) {
    case 'v':
      return flags.sharpV ? quoted(text, flags) : pad(truncate(text, flags), flags);
    case 's':
      return pad(truncate(text, flags), flags);
    case 'x':
    case 'X':
      return hex(text, verb, flags);
    case 'q':
      return quoted(text, flags);
    default:
      return undefined;
  }
}

/** The precision counts characters. */
function truncate(text: string, { precision }: Flags): string {
  if (precision === undefined) return text;
  let left = precision;
  for (const { at } of runes(text)) {
    left -= 1;
    if (left < 0) return text.slice(0, at);
  }
  return text;
}

function quoted(text: string, flags: Flags): string {
  const shown = truncate(text, flags);
  if (flags.sharp && canBackquote(shown)) return pad(`\`${shown}\``, flags);
  return pad(flags.plus ? toAscii(quote(shown)) : quote(shown), flags);
}

/** `strconv.CanBackquote`. */
function canBackquote(text: string): boolean {
  for (const { code, width } of runes(text)) {
    if (
      width > 1 ? code === 0xfeff : code === 0xfffd || (code < 0x20 && code !== 9) || code === 0x60 || code === 0x7f
    ) {
      return false;
    }
  }
  return true;
}

/** `strconv.QuoteToASCII` of what is quoted already. */
function toAscii(literal: string): string {
  let ascii = '';
  for (const { code, width, at } of runes(literal)) {
    if (width === 1 || !isPrint(code)) ascii += literal.slice(at, at + width);
    else
      ascii += code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return ascii;
}

/** The precision counts bytes; a space goes between them, `#` puts `0x` before all or each. */
function hex(text: string, verb: 'x' | 'X', flags: Flags): string {
  const bytes = Array.from(text.slice(0, flags.precision ?? text.length), (unit) =>
    unit.charCodeAt(0).toString(16).padStart(2, '0'),
  );
  if (bytes.length === 0) return pad('', flags);
  const prefix = flags.sharp ? '0x' : '';
  const joined = flags.space ? prefix + bytes.join(` ${prefix}`) : prefix + bytes.join('');
  return pad(verb === 'X' ? joined.toUpperCase() : joined, flags);
}
