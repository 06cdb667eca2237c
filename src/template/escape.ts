/** `html`, `js` and `urlquery` of text/template. */
import { isPrint } from './text/unicode.ts';
import { runes } from './text/utf8.ts';

const htmlEscapes: Readonly<Record<string, string>> = {
  '\0': '\xef\xbf\xbd', // U+FFFD in UTF-8
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

export function escapeHtml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- NUL is one of the characters to escape
  return text.replaceAll(/[\0"'&<>]/g, (unit) => htmlEscapes[unit] ?? unit);
}

const jsEscapes: Readonly<Record<number, string>> = {
  0x5c: '\\\\',
  0x27: "\\'",
  0x22: '\\"',
  0x3c: '\\u003C',
  0x3e: '\\u003E',
  0x26: '\\u0026',
  0x3d: '\\u003D',
};

export function escapeJs(text: string): string {
  let escaped = '';
  for (const { code, width, at } of runes(text)) {
    const isShown = code >= 0x20 && (code < 0x80 || isPrint(code));
    escaped += jsEscapes[code] ?? (isShown ? text.slice(at, at + width) : `\\u${hex(code, 4)}`);
  }
  return escaped;
}

/** `url.QueryEscape` */
export function escapeQuery(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9\-_.~]/g, (unit) => (unit === ' ' ? '+' : `%${hex(unit.charCodeAt(0), 2)}`));
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, '0');
}
