import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../text/utf8.ts';
import { quoteMeta, Regexp } from './index.ts';

describe('matching follows RE2', () => {
  test.each([
    ['a*', 'baaac', ['', 'aaa', '']],
    ['.', encodeUtf8('é😀'), [encodeUtf8('é'), encodeUtf8('😀')]],
    ['.', 'a\xff\xe2\x82', ['a', '\xff', '\xe2', '\x82']],
    ['\\x{fffd}', 'a\xff', ['\xff']],
    ['\\w+', encodeUtf8('né'), ['n']],
    ['\\s', encodeUtf8('\v\t\u00a0'), ['\t']],
    ['(?i)k', encodeUtf8('kKK'), ['k', 'K', encodeUtf8('K')]],
    ['(?m)^.', 'a\nb', ['a', 'b']],
    ['\\p{Letter}\\p{^greek}', 'ab', ['ab']],
    ['(?P<n>a)(?P<n>b)', 'ab', ['ab']],
  ])('%s in %j finds %j', (pattern, subject, matches) => {
    expect(new Regexp(pattern).findAll(subject, -1)).toEqual(matches);
  });

  test('an empty match right after another one does not count', () => {
    expect(new Regexp('a*').replaceAll('baaac', '-')).toBe('-b-c-');
    expect(new Regexp('').replaceAllLiteral(encodeUtf8('é😀'), '.')).toBe(encodeUtf8('.é.😀.'));
  });
});

describe('replacement templates', () => {
  test.each([
    ['(a)(b)?', 'ab a', '[$1|$2|$3]', '[a|b|] [a||]'],
    ['(?P<n>a)', 'a', '${n}$n-$nx', 'aa-'],
    ['(?P<n>a)|(?P<n>b)', 'ab', '<$n>', '<a><b>'],
    ['a', 'a', '$$1 $& ${ $', '$1 $& ${ $'],
    ['(a)', 'a', '$01${1}0', 'a0'],
  ])('%s over %j by %j gives %j', (pattern, subject, template, result) => {
    expect(new Regexp(pattern).replaceAll(subject, template)).toBe(result);
  });
});

describe('splitting', () => {
  test.each([
    [',', 'a,b,c', -1, ['a', 'b', 'c']],
    [',', 'a,b,c', 2, ['a', 'b,c']],
    ['', 'abc', -1, ['a', 'b', 'c']],
    ['z', '', -1, ['']],
    ['a*', 'baac', -1, ['b', 'c']],
  ])('by %s of %j', (pattern, subject, limit, pieces) => {
    expect(new Regexp(pattern).split(subject, limit)).toEqual(pieces);
  });

  test('into no pieces is nothing', () => {
    expect(new Regexp(',').split('a,b', 0)).toBeUndefined();
  });
});

describe('bad patterns have the errors of Go', () => {
  test.each([
    ['(', 'missing closing ): `(`'],
    ['[z-a]', 'invalid character class range: `z-a`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['\\p{Old_Italic}', 'invalid character class range: `\\p{Old_Italic}`'],
    ['\\p{Letter}(', 'missing closing ): `\\p{Letter}(`'],
    ['(?<=a)', 'invalid named capture: `(?<=a)`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['((a{100}){100}){100}', 'invalid repeat count: `{100}`'],
    ['a\xffb', 'invalid UTF-8: `\xffb`'],
    ['\\', 'trailing backslash at end of expression: ``'],
  ])('%s: %s', (pattern, message) => {
    expect(() => new Regexp(pattern)).toThrow(`error parsing regexp: ${message}`);
  });
});

test('a quoted text matches itself and nothing else', () => {
  assert(
    property(string({ unit: 'grapheme' }), (text) => {
      const bytes = encodeUtf8(text);
      expect(new Regexp(`^${quoteMeta(bytes)}$`).find(bytes)).toBe(bytes);
    }),
  );
});

test('each search and what it adds is told', () => {
  const told: number[] = [];
  new Regexp('a', (bytes) => told.push(bytes)).replaceAll('aba', 'xyz');
  expect(told).toEqual([0, 3, 4]);
});
