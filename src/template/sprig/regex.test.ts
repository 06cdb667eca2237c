import { describe, expect, test } from 'vitest';
import { failure, rendered } from './testing/render.ts';

test.each([
  ['{{ regexMatch "^[a-z]+$" "abc" }} {{ regexMatch "(" "abc" }}', 'true false'],
  ['{{ regexFind "b+" "abbc" }}|{{ regexFind "z" "abc" }}', 'bb|'],
  ['{{ regexFindAll "[0-9]" "1a2b3" 2 | toJson }} {{ regexFindAll "z" "a" -1 | toJson }}', '["1","2"] null'],
  ['{{ regexReplaceAll "(a)(l)" "alice" "${2}-$1x" }}', 'l-ice'],
  ['{{ regexReplaceAllLiteral "a" "alice" "$0" }}', '$0lice'],
  ['{{ regexSplit "," "a,b,c" 2 | toJson }} {{ regexSplit "," "a" 0 | toJson }}', '["a","b,c"] null'],
  ['{{ regexQuoteMeta "a.b[c]" }}', 'a\\.b\\[c\\]'],
])('%s gives %s', (template, output) => {
  expect(rendered(template)).toBe(output);
});

describe('a bad pattern', () => {
  test('is named where Go panics', () => {
    expect(failure('{{ regexFind "(" "a" }}')).toContain(
      'regexp: Compile(`(`): error parsing regexp: missing closing ): `(`',
    );
    expect(failure('{{ regexFind "`(" "a" }}')).toContain('regexp: Compile("`("): error parsing');
  });

  test('is only described by the must variants', () => {
    expect(failure('{{ mustRegexFind "(" "a" }}')).toContain(
      'mustRegexFind: error parsing regexp: missing closing ): `(`',
    );
    expect(failure('{{ mustRegexMatch "a(?=b)" "a" }}')).toContain('invalid or unsupported Perl syntax: `(?=`');
  });
});

test('patterns that make other engines hang are matched in linear time', () => {
  const v = 'a'.repeat(50_000);
  expect(rendered('{{ regexMatch "^(a+)+$" (print .v "!") }}{{ regexMatch "(a|aa)+$" .v }}', { v })).toBe('falsetrue');
});

test('large patterns on long texts are a limit', () => {
  expect(failure('{{ regexMatch "[xy]{1000}" (repeat 1000000 "x") }}')).toContain('evaluation steps');
});

test('a search that goes on for too long is a limit', () => {
  let clockMs = 0;
  const now = (): number => {
    clockMs += 3_000;
    return clockMs;
  };
  expect(failure('{{ regexReplaceAll "a" .v "b" | len }}', { v: 'a'.repeat(10_000) }, { now })).toContain(
    'has searched for more than 2000 ms',
  );
});
