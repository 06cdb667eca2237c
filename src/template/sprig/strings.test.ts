import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure, rendered, renderedBytes } from './testing/render.ts';

describe('strings are bytes', () => {
  test.each([
    ['{{ trunc 3 .v }}', 'a\xf0\x9f'],
    ['{{ trunc -2 .v }}', '\x98\x80'],
    ['{{ substr 1 3 .v }}', '\xf0\x9f'],
  ])('%s cuts through a character', (template, bytes) => {
    expect(Buffer.from(renderedBytes(template, { v: 'a😀' })).toString('latin1')).toBe(bytes);
  });

  test('invalid bytes pass through what does not look at characters', () => {
    const v = Buffer.from([0x61, 0xff, 0x62]);
    expect(Buffer.from(renderedBytes('{{ .v | trim | replace "a" "A" | indent 1 }}', { v })).toString('latin1')).toBe(
      ' A\xffb',
    );
  });
});

describe('trimming', () => {
  test.each([
    ['{{ trim "\\u00a0 x\\u2003\\n" }}|', 'x|'],
    ['{{ trim " \\t " }}|', '|'],
    ['{{ trimAll "é-" "-éxé-" }}', 'x'],
    ['{{ trimall "$" "$5.00$" }}', '5.00'],
    ['{{ trimSuffix "-" "a--" }}', 'a-'],
    ['{{ trimPrefix "a" "abc" }}', 'bc'],
  ])('%s gives %s', (template, output) => {
    expect(rendered(template)).toBe(output);
  });
});

describe('substr, repeat and indent fail where Go panics', () => {
  test.each([
    ['{{ substr 9 99 "hello" }}', 'slice bounds out of range [9:5]'],
    ['{{ substr -1 -1 "hello" }}', 'slice bounds out of range [:-1]'],
    ['{{ substr -1 9 "hello" }}', 'slice bounds out of range [:9] with length 5'],
    ['{{ substr 3 1 "hello" }}', 'slice bounds out of range [3:1]'],
    ['{{ repeat -1 "ab" }}', 'negative Repeat count'],
    ['{{ indent -1 "ab" }}', 'negative Repeat count'],
  ])('%s: %s', (template, message) => {
    expect(failure(template)).toContain(message);
  });
});

describe('joining and splitting', () => {
  test.each([
    ['{{ join "," (list 1 nil "x" 2.5 true) }}', '1,x,2.5,true'],
    ['{{ join "," 5 }}', '5'],
    ['{{ join "," nil }}|', '|'],
    ['{{ splitList "" "é😀" | toJson }}', '["é","😀"]'],
    ['{{ splitList "," "" | toJson }}', '[""]'],
    ['{{ (splitn "=" 2 "k=v=w")._1 }}', 'v=w'],
    ['{{ splitn "," 0 "a,b" | toJson }}', '{}'],
    ['{{ split "$" "a$b" | toJson }}', '{"_0":"a","_1":"b"}'],
    ['{{ sortAlpha (list "b" 10 9 "é" "C") }}', '[10 9 C b é]'],
    ['{{ sortAlpha nil }}', '[<nil>]'],
    ['{{ toStrings (list 1 "a" nil (list 2)) | toJson }}', '["1","a","[2]"]'],
    ['{{ replace "" "-" "né" }}', '-n-é-'],
  ])('%s gives %s', (template, output) => {
    expect(rendered(template)).toBe(output);
  });
});

describe('quoting', () => {
  test.each([
    ['{{ quote "say \\"hi\\" \\n\\x00" }}', '"say \\"hi\\" \\n\\x00"'],
    ['{{ quote "a" nil 5 }}', '"a" "5"'],
    ['{{ squote "it\'s" nil true }}', "'it's' 'true'"],
    ['{{ cat "a" nil (dict "k" 1) }}', 'a map[k:1]'],
    ['{{ cat }}|{{ cat "" "" }}|', '| |'],
  ])('%s gives %s', (template, output) => {
    expect(rendered(template)).toBe(output);
  });
});

test('strings that would grow beyond the limits are never made', () => {
  expect(failure('{{ repeat 1000000000000 "x" }}')).toContain('evaluation steps');
  expect(failure('{{ $s := repeat 1000000 "x" }}{{ replace "" $s $s }}')).toContain('evaluation steps');
  expect(failure('{{ $s := repeat 1000000 "x" }}{{ until 1000000 | join $s }}')).toContain('evaluation steps');
  expect(failure('{{ repeat 100000 "\\n" | indent 1000000 }}')).toContain('evaluation steps');
});

test('joining what was split gives the text back', () => {
  assert(
    property(string({ unit: 'grapheme' }), string({ minLength: 1, maxLength: 2 }), (v, sep) => {
      expect(rendered('{{ splitList .sep .v | join .sep }}', { v, sep })).toBe(v);
    }),
  );
});

test('trim is what JavaScript trims, but for U+FEFF and the NEL', () => {
  assert(
    property(string({ unit: 'grapheme-ascii' }), (v) => {
      expect(rendered('{{ trim .v }}', { v })).toBe(v.trim());
    }),
  );
});
