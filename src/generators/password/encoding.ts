/** How a generated password is written. */
import type { PasswordEncoding } from '../../api/generators/password.ts';

/** With padding, as Go's standard encodings. */
export function encode(encoding: PasswordEncoding, password: string): Uint8Array {
  const bytes = Buffer.from(password, 'utf8');
  switch (encoding) {
    case 'base64':
      return Buffer.from(bytes.toString('base64'));
    case 'base64url':
      return Buffer.from(bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_'));
    case 'base32':
      return Buffer.from(base32(bytes));
    case 'hex':
      return Buffer.from(bytes.toString('hex'));
    default:
      return bytes;
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 section 6. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += alphabet.charAt((held >> (bits - 5)) & 31);
  }
  if (bits > 0) text += alphabet.charAt((held << (5 - bits)) & 31);
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}
