import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodingError, decode } from './decoding.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const text = (value: Uint8Array): string => Buffer.from(value).toString('latin1');

describe('decoding', () => {
  it.each([
    ['Base64', 'aGk=', 'hi'],
    ['Base64', 'aG\r\nk=\n', 'hi'],
    ['Base64', '', ''],
    ['Base64', '+/+/', '\xfb\xff\xbf'],
    ['Base64URL', '-_-_', '\xfb\xff\xbf'],
    ['Base64URL', 'aGk=', 'hi'],
    ['Auto', 'aGk=', 'hi'],
    ['Auto', '-_-_', '\xfb\xff\xbf'],
    ['Auto', 'plain text', 'plain text'],
    ['Auto', 'aGk', 'aGk'],
    ['Auto', '+-/_', '+-/_'],
    ['None', 'aGk=', 'aGk='],
    [undefined, 'aGk=', 'aGk='],
  ] as const)('%s makes %j to %j', (strategy, encoded, expected) => {
    expect(text(decode(strategy, bytes(encoded)))).toBe(expected);
  });

  it.each([
    ['Base64', 'aGk'],
    ['Base64', '-_-_'],
    ['Base64', 'a==='],
    ['Base64', '===='],
    ['Base64', 'aG=k'],
    ['Base64', 'aGk=aGk='],
    ['Base64', ' aGk='],
    ['Base64', '\xff\xfe\xfd\xfc'],
    ['Base64URL', '+/+/'],
  ] as const)('%s refuses %j without repeating it', (strategy, encoded) => {
    const refusal = (() => {
      try {
        return decode(strategy, bytes(encoded));
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(DecodingError);
    expect((refusal as Error).message).not.toContain(encoded);
  });

  it('gives back what was encoded, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (value) => {
        const encoded = Buffer.from(value).toString('base64');
        const urlEncoded = encoded.replaceAll('+', '-').replaceAll('/', '_');
        expect(Buffer.from(decode('Base64', bytes(encoded))).equals(value)).toBe(true);
        expect(Buffer.from(decode('Base64URL', bytes(urlEncoded))).equals(value)).toBe(true);
        expect(Buffer.from(decode('Auto', bytes(encoded))).equals(value)).toBe(true);
      }),
    );
  });

  it('takes large values', () => {
    expect(decode('Base64', Buffer.alloc(12_000_000, 'A')).length).toBe(9_000_000);
  });
});
