import { describe, expect, test } from 'vitest';
import { failure, rendered } from './testing/render.ts';

test.each([
  ['{{ dict 1.5 "f" nil "n" "a" }}', 'map[1.5:f <nil>:n a:]'],
  ['{{ get (dict "a" nil) "a" }}|{{ get (dict) "a" }}|{{ get nil "a" }}', '<no value>||'],
  ['{{ $d := dict }}{{ $e := set $d "k" 1 }}{{ $d.k }}{{ len $e }}', '11'],
  ['{{ unset (dict "a" 1 "b" 2) "a" }} {{ hasKey (dict "a" nil) "a" }}', 'map[b:2] true'],
  ['{{ pluck "a" (dict "a" 1) (dict "b" 2) (dict "a" nil) }}', '[1 <nil>]'],
  ['{{ keys (dict "z" 1 "a" 2) (dict "b" 1) }} {{ values (dict "z" 1 "a" 2) }}', '[a z b] [2 1]'],
  ['{{ pick (dict "a" 1 "b" 2) "a" "z" }} {{ omit (dict "a" 1 "b" 2) "a" }}', 'map[a:1] map[b:2]'],
  ['{{ dict "__proto__" 1 "constructor" 2 | toJson }}', '{"__proto__":1,"constructor":2}'],
])('%s gives %s', (template, output) => {
  expect(rendered(template)).toBe(output);
});

describe('merge fills what is missing or empty', () => {
  test.each([
    ['(dict "a" 0 "b" "" "c" nil "d" (list)) (dict "a" 1 "b" 2 "c" 3 "d" (list 4))', 'map[a:1 b:2 c:3 d:[4]]'],
    ['(dict "a" (list 1)) (dict "a" (list 2 3))', 'map[a:[1]]'],
    ['(dict "a" (dict "x" 1)) (dict "a" (dict "x" 2 "y" 3))', 'map[a:map[x:1 y:3]]'],
    ['(dict "a" 1) (dict "a" (dict "b" 2))', 'map[a:1]'],
    ['(dict) (dict "a" nil)', 'map[]'],
    ['nil (dict "a" 1)', 'map[a:1]'],
  ])('merge %s is %s', (args, output) => {
    expect(rendered(`{{ merge ${args} }}`)).toBe(output);
  });
});

describe('mergeOverwrite replaces, but merges maps', () => {
  test.each([
    ['(dict "a" (dict "x" 1 "y" 2)) (dict "a" (dict "x" 9))', 'map[a:map[x:9 y:2]]'],
    ['(dict "a" (list 1 2)) (dict "a" (list))', 'map[a:[]]'],
    ['(dict "a" true) (dict "a" false "b" nil)', 'map[a:false b:<nil>]'],
    ['(dict "a" (dict "b" 1)) (dict "a" (dict))', 'map[a:map[b:1]]'],
    ['(dict "a" 5) (dict "a" (dict "b" 1))', 'map[a:map[b:1]]'],
  ])('mergeOverwrite %s is %s', (args, output) => {
    expect(rendered(`{{ mergeOverwrite ${args} }}`)).toBe(output);
  });
});

test('a merge that cannot be gives "" or, with must, an error', () => {
  const args = '(dict "a" (semver "1.0.0")) (dict "a" (dict "b" 1))';
  expect(rendered(`{{ merge ${args} }}|`)).toBe('|');
  expect(failure(`{{ mustMerge ${args} }}`)).toContain('src and dst must be of same type');
  expect(failure('{{ merge (dict "a" .) (dict "a" (dict "z" 1)) }}', { k: 'v' })).toContain(
    'not assignable to type string',
  );
});

test('a merged map is shared, a copied one is not', () => {
  const change = '{{ $_ := set $b.x "k" 2 }}{{ $a.x.k }}';
  expect(rendered(`{{ $a := dict "x" (dict "k" 1) }}{{ $b := merge (dict) $a }}${change}`)).toBe('2');
  expect(rendered(`{{ $a := dict "x" (dict "k" 1) }}{{ $b := deepCopy $a }}${change}`)).toBe('1');
});

test('deepCopy keeps types and nil lists, and loses what versions hide', () => {
  expect(rendered('{{ deepCopy (until 2) | typeOf }} {{ deepCopy (rest list) | toJson }}')).toBe('[]int null');
  expect(rendered('{{ deepCopy (semver "1.2.3") }}')).toBe('0.0.0');
  expect(failure('{{ deepCopy nil }}')).toContain('reflect.Value.Type on zero Value');
});

describe('dig', () => {
  const d = '(dict "a" (dict "b" (dict "c" "deep") "l" (list 1)) "n" nil)';

  test.each([
    [`{{ dig "a" "b" "c" "-" ${d} }}`, 'deep'],
    [`{{ dig "a" "z" "c" "-" ${d} }}`, '-'],
    [`{{ dig "n" "-" ${d} }}`, '<no value>'],
    [`{{ dig "a" "l" "-" ${d} }}`, '[1]'],
  ])('%s gives %s', (template, output) => {
    expect(rendered(template)).toBe(output);
  });

  test.each([
    ['{{ dig "a" (dict) }}', 'dig needs at least three arguments'],
    [`{{ dig "a" "l" "x" "-" ${d} }}`, 'interface {} is []interface {}, not map[string]interface {}'],
    [`{{ dig "n" "x" "-" ${d} }}`, 'interface {} is nil, not map[string]interface {}'],
    [`{{ dig 1 "-" ${d} }}`, 'interface {} is int, not string'],
    ['{{ dig "a" "-" . }}', 'interface {} is map[string]string, not map[string]interface {}'],
  ])('%s fails: %s', (template, message) => {
    expect(failure(template)).toContain(message);
  });
});

test('set on a nil map fails, and the data itself is out of reach', () => {
  expect(failure('{{ set nil "a" 1 }}')).toContain('assignment to entry in nil map');
  expect(failure('{{ set . "a" 1 }}')).toContain('wrong type');
});

test('a map that contains itself ends as an error', () => {
  const cycle = '{{ $d := dict }}{{ $_ := set $d "self" $d }}';
  expect(rendered(`${cycle}{{ toJson $d }}|`)).toBe('|');
  expect(failure(`${cycle}{{ mustToJson $d }}`)).toContain('encountered a cycle via map[string]interface {}');
  expect(failure(`${cycle}{{ deepCopy $d }}`)).not.toContain('no failure');
  expect(rendered(`${cycle}{{ deepEqual $d $d }}`)).toBe('true');
});
