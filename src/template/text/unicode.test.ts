import { describe, expect, test } from 'vitest';
import { isDigit, isLetter, isPrint, isSpace, isUpper, toLower, toTitle, toUpper } from './unicode.ts';

const code = (char: string): number => char.codePointAt(0) ?? 0;

describe('case mappings are from one character to one', () => {
  test.each([
    ['a', 'A'],
    ['é', 'É'],
    ['ß', 'ß'],
    ['ŉ', 'ŉ'],
    ['ǆ', 'Ǆ'],
    ['ᾳ', 'ᾼ'],
    ['ᾀ', 'ᾈ'],
    ['ﬁ', 'ﬁ'],
    ['ა', 'Ა'],
  ])('upper case of %s is %s', (from, to) => {
    expect(toUpper(code(from))).toBe(code(to));
  });

  test.each([
    ['A', 'a'],
    ['İ', 'i'],
    ['Ǆ', 'ǆ'],
    ['K', 'k'],
    ['Σ', 'σ'],
  ])('lower case of %s is %s', (from, to) => {
    expect(toLower(code(from))).toBe(code(to));
  });

  test.each([
    ['ǆ', 'ǅ'],
    ['Ǆ', 'ǅ'],
    ['ǳ', 'ǲ'],
    ['ა', 'ა'],
    ['b', 'B'],
  ])('title case of %s is %s', (from, to) => {
    expect(toTitle(code(from))).toBe(code(to));
  });
});

test('characters that Unicode got after version 15.0 are unassigned', () => {
  // U+1C89, U+A7CB and U+A7CC are letters with case since Unicode 16.
  expect(isPrint(0x1c89)).toBe(false);
  expect(isLetter(0x1c89)).toBe(false);
  expect(toLower(0x1c89)).toBe(0x1c89);
  expect(toUpper(0x264)).toBe(0x264);
});

test('classes follow Go, not JavaScript', () => {
  expect([0x85, 0xa0, 0x2028, 0x3000].every(isSpace)).toBe(true);
  expect([0xfeff, 0x200b].some(isSpace)).toBe(false);
  expect(isDigit(code('٣'))).toBe(true);
  expect(isDigit(code('²'))).toBe(false);
  expect(isUpper(code('ǅ'))).toBe(false);
  expect(isPrint(0x20)).toBe(true);
  expect([0xa0, 0xad, 0x7f, 0x2028, 0xe000, 0xfeff].some(isPrint)).toBe(false);
});
