import { describe, expect, test } from 'vitest';
import { failure, rendered } from './testing/render.ts';

test.each([
  ['{{ default "d" "" }}{{ default "d" 0 }}{{ default "d" nil }}{{ default "d" (list) }}{{ default "d" }}', 'ddddd'],
  ['{{ default "d" false }} {{ default "d" (list nil) }} {{ default "d" " " }}|', 'd [<nil>]  |'],
  ['{{ empty (rest list) }} {{ empty 0i }} {{ empty (semver "0.0.0") }}', 'true true false'],
  ['{{ coalesce 0 "" nil "x" "y" }} {{ coalesce 0 }}', 'x <no value>'],
  ['{{ all }} {{ all 1 "" }} {{ any }} {{ any 0 "x" }}', 'true false false true'],
  ['{{ ternary "y" "n" true }}{{ false | ternary "y" "n" }}', 'yn'],
])('%s gives %s', (template, output) => {
  expect(rendered(template)).toBe(output);
});

describe('deepEqual counts types', () => {
  test.each([
    ['1 1.0', 'false'],
    ['1 (int64 1)', 'false'],
    ['(list 1 (dict "a" nil)) (list 1 (dict "a" nil))', 'true'],
    ['(until 1) (list 0)', 'false'],
    ['(rest list) list', 'false'],
    ['nil nil', 'true'],
    ['(float64 "NaN") (float64 "NaN")', 'false'],
    ['(semver "1.2.3") (semver "1.2.3")', 'true'],
    ['(semver "1.2.3") (semver "v1.2.3")', 'false'],
    ['(toDate "2006" "2020") (toDate "2006" "2020")', 'true'],
  ])('deepEqual %s is %s', (args, output) => {
    expect(rendered(`{{ deepEqual ${args} }}`)).toBe(output);
  });
});

test('fail ends the rendering with its message', () => {
  expect(failure('{{ fail "stop here" }}')).toContain('error calling fail: stop here');
});
