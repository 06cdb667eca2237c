import { assert, property, string, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUtf8, encodeRune, encodeUtf8, isValidUtf8, runeAt, runeCodes } from './utf8.ts';

const fromHex = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1');

test('every invalid byte is one U+FFFD of its own', () => {
  expect(runeCodes(fromHex('61ff62'))).toEqual([0x61, 0xfffd, 0x62]);
  expect(decodeUtf8(fromHex('e282'))).toBe('\ufffd\ufffd');
  expect(decodeUtf8(fromHex('f09f98'))).toBe('\ufffd\ufffd\ufffd');
});

test.each([
  ['c080', 'an overlong NUL'],
  ['e08080', 'an overlong three-byte form'],
  ['eda080', 'a surrogate'],
  ['f4908080', 'beyond U+10FFFF'],
  ['f08080af', 'an overlong four-byte form'],
  ['80', 'a lone continuation'],
])('%s is invalid: %s', (hex) => {
  expect(runeAt(fromHex(hex), 0)).toEqual({ code: 0xfffd, width: 1 });
  expect(isValidUtf8(fromHex(hex))).toBe(false);
});

test('a U+FFFD that is really there is valid and three bytes wide', () => {
  expect(runeAt(encodeUtf8('\ufffd'), 0)).toEqual({ code: 0xfffd, width: 3 });
  expect(isValidUtf8(encodeUtf8('a\ufffd'))).toBe(true);
});

test('a code that is no character is encoded as U+FFFD', () => {
  for (const code of [-1, 0xd800, 0x110000]) expect(encodeRune(code)).toBe(encodeUtf8('\ufffd'));
});

test('characters survive the way through bytes', () => {
  assert(property(string({ unit: 'binary' }), (text) => decodeUtf8(encodeUtf8(text)) === text));
});

test('validity is what a strict decoder says', () => {
  assert(
    property(uint8Array({ maxLength: 8 }), (array) => {
      const strict = (): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(array);
      const bytes = Buffer.from(array).toString('latin1');
      if (isValidUtf8(bytes)) expect(strict()).toBe(decodeUtf8(bytes));
      else expect(strict).toThrow(TypeError);
    }),
    { numRuns: 2_000 },
  );
});
