import { describe, expect, test } from 'vitest';
import { failure, rendered } from './testing/render.ts';

test.each([
  ['{{ append (until 2) "x" }} {{ prepend (list 1) nil }}', '[0 1 x] [<nil> 1]'],
  ['{{ first (until 3) }} {{ last (list 1 2) }} {{ first list }}', '0 2 <no value>'],
  ['{{ rest (list 1) | toJson }} {{ rest list | toJson }} {{ initial list | toJson }}', '[] null null'],
  ['{{ reverse (list 1 2 3) }} {{ compact (list 1 0 "" nil false (list) (list 0)) }}', '[3 2 1] [1 [0]]'],
  ['{{ uniq (list 1 1.0 "1" 1 nil nil) | toJson }}', '[1,1,"1",null]'],
  ['{{ without (list 1 2 nil) 1.0 2 nil }}', '[1]'],
  ['{{ has 1 (list 1) }} {{ has 1.0 (list 1) }} {{ has 1 nil }}', 'true false false'],
  ['{{ slice (until 5) 1 "3" | typeOf }} {{ slice (list 1 2 3) 1 }}', '[]int [2 3]'],
  ['{{ slice list 0 9 }}', '<no value>'],
  ['{{ chunk 2 (list 1 2 3) }} {{ chunk 3 (until 3) }} {{ chunk 2 list }}', '[[1 2] [3]] [[0 1 2]] []'],
  ['{{ chunk -2 (list 1) }} {{ chunk -2 (list 1 2) }}', '[[1]] []'],
  ['{{ concat (list 1) (splitList "," "a") | typeOf }} {{ concat | toJson }}', '[]interface {} null'],
  ['{{ $l := list 1 }}{{ $_ := append $l 2 }}{{ $l }}', '[1]'],
])('%s gives %s', (template, output) => {
  expect(rendered(template)).toBe(output);
});

describe('what is no list is refused', () => {
  test.each([
    ['{{ append "abc" 1 }}', 'Cannot push on type string'],
    ['{{ mustPrepend 5 1 }}', 'Cannot prepend on type int'],
    ['{{ rest (dict) }}', 'Cannot find rest on type map'],
    ['{{ has 1 "abc" }}', 'Cannot find has on type string'],
    ['{{ chunk 2 1.5 }}', 'Cannot chunk type float64'],
    ['{{ concat (list) (dict) }}', 'Cannot concat type map as list'],
    ['{{ slice "abc" 1 }}', 'list should be type of slice or array but string'],
    ['{{ first nil }}', 'invalid memory address or nil pointer dereference'],
  ])('%s: %s', (template, message) => {
    expect(failure(template)).toContain(message);
  });
});

test('places beyond the list and chunks of no size are refused', () => {
  expect(failure('{{ slice (list 1 2) 0 3 }}')).toContain('slice index out of bounds');
  expect(failure('{{ slice (list 1 2) 2 1 }}')).toContain('slice index out of bounds');
  expect(failure('{{ chunk 0 (list 1 2) }}')).toContain('makeslice: len out of range');
  expect(failure('{{ chunk -2 list }}')).toContain('makeslice: len out of range');
});

test('lists that share their items many times over are a limit, not a hang', () => {
  const doubling = '{{ $a = list $a $a }}{{ $b = list $b $b }}'.repeat(40);
  const twins = `{{ $a := list 1 }}{{ $b := list 1 }}${doubling}`;
  const options = { limits: { maxSteps: 100_000 } };
  expect(failure(`${twins}{{ $a | toJson }}`, {}, options)).toContain('evaluation steps');
  expect(rendered(`${twins}{{ deepEqual $a $b }}`, {}, options)).toBe('true');
});
