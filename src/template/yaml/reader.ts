/** Turns the bytes of a YAML text into characters, refusing what YAML 1.1 does not allow in a stream. */
import { YamlError } from './errors.ts';

const allowed = /^[\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/**
 * Decodes `bytes` (a string of char codes 0..255): UTF-8, or UTF-16 when a byte order mark says so.
 * Unlike libyaml, which reads in chunks, it checks the whole stream before the first token.
 */
export function readCharacters(bytes: string): string {
  const buffer = Buffer.from(bytes, 'latin1');
  const encoding = bytes.startsWith('\xff\xfe') ? 'utf-16le' : bytes.startsWith('\xfe\xff') ? 'utf-16be' : 'utf-8';
  const text = decode(buffer, encoding);
  if (!allowed.test(text)) throw new YamlError('control characters are not allowed');
  return text;
}

function decode(buffer: Buffer, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(buffer);
  } catch (cause) {
    throw new YamlError(encoding === 'utf-8' ? utf8Problem(buffer) : 'incomplete UTF-16 character', { cause });
  }
}

/** What libyaml says about the first malformed sequence, or about a forbidden character before it. */
function utf8Problem(buffer: Buffer): string {
  for (let at = 0; at < buffer.length; ) {
    const lead = buffer[at] ?? 0;
    const width = sequenceWidth(lead);
    if (width === 0) return 'invalid leading UTF-8 octet';
    if (at + width > buffer.length) return 'incomplete UTF-8 octet sequence';
    let value = width === 1 ? lead : lead & (0xff >> (width + 1));
    for (let k = 1; k < width; k++) {
      const octet = buffer[at + k] ?? 0;
      if ((octet & 0xc0) !== 0x80) return 'invalid trailing UTF-8 octet';
      value = value * 64 + (octet & 0x3f);
    }
    if (value < ([0, 0, 0x80, 0x800, 0x10000][width] ?? 0)) return 'invalid length of a UTF-8 sequence';
    if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) return 'invalid Unicode character';
    if (!allowed.test(String.fromCodePoint(value))) return 'control characters are not allowed';
    at += width;
  }
  return 'invalid leading UTF-8 octet';
}

function sequenceWidth(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >> 5 === 0b110) return 2;
  if (lead >> 4 === 0b1110) return 3;
  return lead >> 3 === 0b11110 ? 4 : 0;
}
