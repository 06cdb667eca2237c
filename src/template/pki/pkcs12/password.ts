/** A PKCS#12 password in its two forms: older ciphers take UCS-2, newer ones UTF-8. */
import { runes } from '../../text/utf8.ts';

export interface Password {
  /** Big-endian UCS-2 with a terminating zero. */
  readonly ucs2: Buffer;
  readonly utf8: Buffer;
}

/** Some software takes no bytes at all for the empty password. */
export const noPassword: Password = { ucs2: Buffer.alloc(0), utf8: Buffer.alloc(0) };

/** `text` is a byte string; throws for characters beyond the Basic Multilingual Plane. */
export function passwordOf(text: string): Password {
  const characters = basicCharacters(text);
  return { ucs2: ucs2(`${characters}\0`), utf8: Buffer.from(characters, 'utf8') };
}

/** Big-endian, without a terminator. */
export function ucs2(characters: string): Buffer {
  return Buffer.from(characters, 'utf16le').swap16();
}

/** The characters of a byte string; throws for those that UCS-2 has not. */
export function basicCharacters(text: string): string {
  return Array.from(runes(text), ({ code }) => String.fromCharCode(basicCode(code))).join('');
}

function basicCode(code: number): number {
  if (code > 0xffff) throw new Error('pkcs12: string contains characters that cannot be encoded in UCS-2');
  return code;
}
