/** Go's strconv.Unquote and UnquoteChar, over byte strings. */
import { encodeRune, runeAt } from '../text/utf8.ts';

const simpleEscapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
};

export interface UnquotedChar {
  readonly code: number;
  /** The character was written as a byte (`\x80`, `\200`), which need not be UTF-8 by itself. */
  readonly isByte: boolean;
  readonly end: number;
}

/** The character at `at` of a literal in these quotes; undefined where Go says `invalid syntax`. */
export function unquoteChar(text: string, at: number, quote: string): UnquotedChar | undefined {
  const unit = text[at];
  if (unit === undefined || (unit === quote && (quote === '"' || quote === "'"))) return undefined;
  if (unit !== '\\') {
    const rune = runeAt(text, at);
    return { code: rune.code, isByte: rune.width === 1, end: at + rune.width };
  }
  return unquoteEscape(text, at + 1, quote);
}

function unquoteEscape(text: string, at: number, quote: string): UnquotedChar | undefined {
  const letter = text[at] ?? '';
  const simple = Object.hasOwn(simpleEscapes, letter) ? simpleEscapes[letter] : undefined;
  if (simple !== undefined) return { code: simple, isByte: true, end: at + 1 };
  switch (letter) {
    case 'x':
      return byHex(text, at + 1, 2);
    case 'u':
      return byHex(text, at + 1, 4);
    case 'U':
      return byHex(text, at + 1, 8);
    case "'":
    case '"':
      return letter === quote ? { code: letter.charCodeAt(0), isByte: true, end: at + 1 } : undefined;
    default:
      return byOctal(text, at);
  }
}

function byHex(text: string, at: number, digits: number): UnquotedChar | undefined {
  const literal = text.slice(at, at + digits);
  if (literal.length !== digits || !/^[0-9a-fA-F]+$/.test(literal)) return undefined;
  const code = Number.parseInt(literal, 16);
  if (digits > 2 && (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))) return undefined;
  return { code, isByte: digits === 2, end: at + digits };
}

function byOctal(text: string, at: number): UnquotedChar | undefined {
  const literal = text.slice(at, at + 3);
  if (!/^[0-7]{3}$/.test(literal)) return undefined;
  const code = Number.parseInt(literal, 8);
  return code > 255 ? undefined : { code, isByte: true, end: at + 3 };
}

/** The bytes of a Go string literal, interpreted or raw; undefined where Go says `invalid syntax`. */
export function unquote(literal: string): string | undefined {
  const quote = literal[0];
  if (literal.length < 2 || literal.at(-1) !== quote) return undefined;
  if (quote === '`') return unquoteRaw(literal.slice(1, -1));
  return quote === '"' ? unquoteInterpreted(literal) : undefined;
}

/** Carriage returns are no part of a raw string. */
function unquoteRaw(content: string): string | undefined {
  return content.includes('`') ? undefined : content.replaceAll('\r', '');
}

function unquoteInterpreted(literal: string): string | undefined {
  const content = literal.slice(1, -1);
  if (!/[\\"\n]/.test(content)) return content;
  let bytes = '';
  for (let at = 0; at < content.length; ) {
    if (content[at] === '\n') return undefined;
    const char = unquoteChar(content, at, '"');
    if (char === undefined) return undefined;
    bytes += char.isByte && content[at] === '\\' ? String.fromCharCode(char.code) : sourceOrRune(content, at, char);
    at = char.end;
  }
  return bytes;
}

/** Bytes that are no UTF-8 stay as they are written. */
function sourceOrRune(content: string, at: number, char: UnquotedChar): string {
  return content[at] === '\\' ? encodeRune(char.code) : content.slice(at, char.end);
}
