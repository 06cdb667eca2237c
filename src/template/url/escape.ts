/** Percent-encoding by Go's net/url: which bytes stay as they are differs between the parts of a URL. */
import { quote } from '../strconv/quote.ts';
import { UrlError } from './errors.ts';

export type Part = 'path' | 'host' | 'zone' | 'userPassword' | 'fragment';

const hostBytes = /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]/;

/** The bytes that a part shows unescaped. */
const unescaped: Readonly<Record<Part, RegExp>> = {
  path: /[A-Za-z0-9\-_.~$&+,/:;=@]/,
  userPassword: /[A-Za-z0-9\-_.~$&+,;=]/,
  fragment: /[A-Za-z0-9\-_.~$&+,/:;=?@!()*]/,
  host: hostBytes,
  zone: hostBytes,
};

export function escape(bytes: string, part: Part): string {
  const stays = unescaped[part];
  return bytes.replace(/[^A-Za-z0-9]/g, (byte) => (stays.test(byte) ? byte : percent(byte)));
}

function percent(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Decodes `%xx`. Throws UrlError for a malformed one, and for bytes that a host may not contain. */
export function unescape(text: string, part: Part): string {
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at) === '%') {
      checkEscape(text.slice(at, at + 3), part);
      at += 2;
    } else checkByte(text.charAt(at), part);
  }
  return text.replace(/%(..)/gs, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function checkEscape(escaped: string, part: Part): void {
  const fail = (): never => {
    throw new UrlError(`invalid URL escape ${quote(escaped)}`);
  };
  if (!/^%[0-9A-Fa-f]{2}$/.test(escaped)) fail();
  if (escaped === '%25') return;
  const code = Number.parseInt(escaped.slice(1), 16);
  // Hosts escape only what is not ASCII; zones may also escape what a host may contain, and a space.
  if (part === 'host' && code < 0x80) fail();
  if (part === 'zone' && code !== 0x20 && !hostBytes.test(String.fromCharCode(code))) fail();
}

function checkByte(byte: string, part: Part): void {
  if ((part !== 'host' && part !== 'zone') || byte > '\x7f' || hostBytes.test(byte)) return;
  throw new UrlError(`invalid character ${quote(byte)} in host name`);
}
