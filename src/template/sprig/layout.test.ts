import { expect, test } from 'vitest';
import { rendered } from './testing/render.ts';

test.each([
  ['{{ wrap 10 "the quick brown fox jumps" }}', 'the quick\nbrown fox\njumps'],
  ['{{ wrap 5 "abcdefghij klm" }}', 'abcdefghij\nklm'],
  ['{{ wrap 3 "abcdefghij" }}', 'abcdefghij'],
  ['{{ wrap -5 "a b c" }}', 'a\nb\nc'],
  ['{{ wrapWith 4 "|" "abcdefghij kl" }}', 'abcd|efgh|ij|kl'],
  ['{{ wrapWith 5 "" "the quick fox" }}', 'the\nquick\nfox'],
  ['{{ abbrev 8 "hello world" }}', 'hello...'],
  ['{{ abbrev 3 "hello" }}', 'hello'],
  ['{{ abbrevboth 5 10 "1234 5678 9123" }}', '...5678...'],
  ['{{ abbrevboth 10 20 "the quick brown fox jumps over the lazy dog" }}', '...brown fox jump...'],
  ['{{ abbrevboth 99 8 "1234567890" }}', '...67890'],
  ['{{ initials "  lead  double\\ttab" }}', 'ldt'],
  ['{{ nospace " a b\\nc " }}', 'abc'],
])('%s gives %j', (template, output) => {
  expect(rendered(template)).toBe(output);
});

test('initials and nospace take bytes for characters, as goutils does', () => {
  expect(rendered('{{ initials "élan" }}')).toBe('Ã');
  expect(rendered('{{ nospace "é" }}')).toBe('é');
  expect(rendered('{{ nospace "é b" }}')).toBe('Ã©b');
});
