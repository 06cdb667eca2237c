import { expect, test } from 'vitest';
import { rendered } from './testing/render.ts';

test.each([
  ['"s"', 'string string'],
  ['1', 'int int'],
  ['(add 1 1)', 'int64 int64'],
  ['1.5', 'float64 float64'],
  ['nil', '<nil> invalid'],
  ['(list)', '[]interface {} slice'],
  ['(until 1)', '[]int slice'],
  ['(dict)', 'map[string]interface {} map'],
  ['.', 'map[string]string map'],
  ['(now)', 'time.Time struct'],
  ['(semver "1.0.0")', '*semver.Version ptr'],
  ['(toDate "2006" "2020").Month', 'time.Month int'],
])('typeOf and kindOf %s are %s', (value, output) => {
  expect(rendered(`{{ typeOf ${value} }} {{ kindOf ${value} }}`)).toBe(output);
});

test('typeIsLike looks through one pointer', () => {
  expect(rendered('{{ typeIs "semver.Version" (semver "1") }} {{ typeIsLike "semver.Version" (semver "1") }}')).toBe(
    'false true',
  );
  expect(rendered('{{ kindIs "map" (dict) }} {{ typeIs "int" (int64 1) }}')).toBe('true false');
});
