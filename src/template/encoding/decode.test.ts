import { describe, expect, test } from 'vitest';
import { decodeBase32, encodeBase32 } from './base32.ts';
import { decodeBase64 } from './base64.ts';
import { decodeHex } from './hex.ts';

function outcome(decoded: ReturnType<typeof decodeHex>): string {
  return decoded.ok ? decoded.bytes : decoded.error.replace(/^.*(?:at input byte |encoding\/hex: )/, '!');
}

describe('base64', () => {
  test.each([
    ['YQ==', 'a'],
    ['YR==', 'a'],
    ['Y\nQ\r\n=\n=\n', 'a'],
    ['', ''],
    ['YQ', '!0'],
    ['YQ=', '!3'],
    ['=', '!0'],
    ['Y=', '!1'],
    ['YQ=x', '!2'],
    ['YWJj ZGVm', '!4'],
    ['YQ==YQ==', '!4'],
    ['YWJjYQ', '!4'],
    ['_-8=', '!0'],
    ['YWI=\nx', '!5'],
  ])('%j: %j', (text, result) => {
    expect(outcome(decodeBase64(text))).toBe(result);
  });
});

describe('base32', () => {
  test.each([
    ['ME======', 'a'],
    ['MFRG\nG===', 'abc'],
    ['ME======A', 'a'],
    ['', ''],
    ['ME', '!0'],
    ['me======', '!0'],
    ['M=======', '!1'],
    ['MEA=====', '!3'],
    ['ME=====A', '!6'],
    ['NBSWY3DP=', '!8'],
    ['ME==', '!4'],
  ])('%j: %j', (text, result) => {
    expect(outcome(decodeBase32(text))).toBe(result);
  });

  test('encodes with padding', () => {
    expect(['', 'a', 'ab', 'abc', 'abcd', 'abcde'].map(encodeBase32)).toEqual([
      '',
      'ME======',
      'MFRA====',
      'MFRGG===',
      'MFRGGZA=',
      'MFRGGZDF',
    ]);
  });
});

test.each([
  ['C3a9', '\xc3\xa9'],
  ['6', '!odd length hex string'],
  ['z', "!invalid byte: U+007A 'z'"],
  ['6g\n', "!invalid byte: U+0067 'g'"],
  ['41\n', '!invalid byte: U+000A'],
  ['\xff0', "!invalid byte: U+00FF '\xc3\xbf'"],
])('hex %j: %j', (text, result) => {
  expect(outcome(decodeHex(text))).toBe(result);
});
