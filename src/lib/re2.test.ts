import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRe2, Re2Cache, RegexpSyntaxError } from './re2.ts';

describe('regular expressions', () => {
  it.each([
    ['^db-', 'db-main', true],
    ['^db-', 'my-db-main', false],
    ['b.c', 'abxcd', true],
    ['(?i)ABC', 'xabcx', true],
    ['[[:digit:]]+$', 'key42', true],
    ['\\pL', 'é', true],
    ['^.$', '🔑', true],
    ['', '', true],
  ])('%s is tested anywhere in %s: %s', (pattern, text, matches) => {
    expect(compileRe2(pattern).test(text)).toBe(matches);
  });

  it.each([
    // As Go 1.26 prints them.
    ['([a-z]+)-([0-9]+)', 'db-42', '$2-$1', '42-db'],
    ['([a-z]+)-([0-9]+)', 'db-42', '$1x', ''],
    ['([a-z]+)-([0-9]+)', 'db-42', '${1}x', 'dbx'],
    ['(?P<name>[a-z]+)', 'db', '${name}$name!', 'dbdb!'],
    ['([a-z]+)', 'db', '$0-$0', 'db-db'],
    ['([a-z]+)', 'db', '$9', ''],
    ['([a-z]+)', 'db', '${unknown}', ''],
    ['([a-z]+)', 'db', '$$1', '$1'],
    ['([a-z]+)', 'db', 'cost: $', 'cost: $'],
    ['([a-z]+)', 'db', '${', '${'],
    ['([a-z]+)', 'db', '${}', '${}'],
    ['([a-z]+)', 'db', '${a-b}', '${a-b}'],
    ['([a-z]+)', 'db', '$01', ''],
    ['(a)|(b)', 'ab', '[$1$2]', '[a][b]'],
    ['/', 'path/to/key', '_', 'path_to_key'],
    ['a*', 'baaac', 'x', 'xbxcx'],
    ['', 'ab', '-', '-a-b-'],
    ['', '🔑a', '-', '-🔑-a-'],
    ['\\b', 'ab cd', '|', '|ab| |cd|'],
    ['^', 'abc', '>', '>abc'],
    ['$', 'abc', '<', 'abc<'],
    ['x', 'abc', 'y', 'abc'],
    ['a|', 'aab', 'x', 'xxbx'],
    ['(?m)^', 'a\nb', '>', '>a\n>b'],
  ])('replaces %s in %s by %s: %s', (pattern, text, replacement, expected) => {
    expect(compileRe2(pattern).replaceAll(text, replacement)).toBe(expected);
  });

  it.each(['(?=x)', '(?<=x)y', '\\8', '[a', 'a**', 'a{1001}', '((a{100}){100}){100}'])(
    'refuses %s as Go does',
    (pattern) => {
      expect(() => compileRe2(pattern)).toThrow(RegexpSyntaxError);
    },
  );

  it('takes linear time where a backtracking engine takes for ever', () => {
    expect(compileRe2('(a*)*b').test('a'.repeat(50_000))).toBe(false);
    expect(compileRe2('^(a|aa)+$').replaceAll(`${'a'.repeat(5_000)}!`, 'x')).toBe(`${'a'.repeat(5_000)}!`);
  });

  it('keeps every text as it is when each match is replaced by itself', () => {
    const pattern = fc.constantFrom('a', 'a*', '', '[a-c]+', '(a)(b)?', '\\b', '.', '(?s).', '^|$');
    fc.assert(
      fc.property(
        pattern,
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '\n', '🔑', 'é') }),
        (expression, text) => {
          expect(compileRe2(expression).replaceAll(text, '$0')).toBe(text);
        },
      ),
    );
  });
});

describe('the cache of expressions', () => {
  it('compiles an expression once', () => {
    const cache = new Re2Cache();
    expect(cache.get('a+')).toBe(cache.get('a+'));
  });

  it('stays small', () => {
    const cache = new Re2Cache(2);
    const first = cache.get('a');
    cache.get('b');
    cache.get('c');
    expect(cache.get('a')).not.toBe(first);
  });

  it('does not keep what does not compile', () => {
    const cache = new Re2Cache();
    expect(() => cache.get('[a')).toThrow('missing closing ]');
    expect(() => cache.get('[a')).toThrow('missing closing ]');
  });
});
