import { assert, bigInt, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure, rendered } from './testing/render.ts';

test.each([
  ['{{ add 9223372036854775807 1 }}', '-9223372036854775808'],
  ['{{ mul 3037000500 3037000500 }}', '-9223372036709301616'],
  ['{{ div -9223372036854775808 -1 }}', '-9223372036854775808'],
  ['{{ div -7 2 }} {{ mod -7 3 }}', '-3 -1'],
  ['{{ add "0o10" "0b11" "x" nil true 1.9 }}', '13'],
  ['{{ max 1 "10" 9 }} {{ biggest 1 2 }} {{ min nil 1 }}', '10 2 0'],
  ['{{ maxf 1.5 3 "2.25" }} {{ minf 1 0.5 }}', '3 0.5'],
  ['{{ addf 1.1 2.2 3.3 }} {{ subf 10 1 2 3 }} {{ mulf 0.1 3 }} {{ divf 2 3 }}', '6.6 4 0.3 0.6666666666666667'],
  ['{{ divf 1 1e17 }} {{ add1f 0.1 }} {{ addf }}', '0 1.1 0'],
  ['{{ floor -1.5 }} {{ ceil "2.1" }} {{ add1 -1 }}', '-2 3 0'],
])('%s gives %s', (template, output) => {
  expect(rendered(template)).toBe(output);
});

describe('round goes by ceiling and floor', () => {
  test.each([
    ['2.5 0', '3'],
    ['-2.5 0', '-3'],
    ['-2.4 0', '-3'],
    ['1.005 2', '1'],
    ['1234567.891 1', '1.2345679e+06'],
    ['1e21 2', '9.999999999999999e+20'],
    ['3.4 0 0.4', '3'],
    ['1234 -2', '1200'],
  ])('round %s is %s', (args, output) => {
    expect(rendered(`{{ round ${args} }}`)).toBe(output);
  });
});

describe('casts read Go literals', () => {
  test.each([
    ['"010"', '8'],
    ['"00042"', '34'],
    ['"08"', '0'],
    ['"0x1F"', '31'],
    ['"1_000"', '1000'],
    ['"42.9"', '42'],
    ['"-.5"', '0'],
    ['"1e3"', '0'],
    ['"9223372036854775808"', '0'],
    ['(list)', '0'],
    ['true', '1'],
    ['nil', '0'],
    ['-42.9', '-42'],
  ])('int %s is %s', (value, output) => {
    expect(rendered(`{{ int ${value} }} {{ int64 ${value} }}`)).toBe(`${output} ${output}`);
  });

  test('float64, atoi and toDecimal have rules of their own', () => {
    expect(rendered('{{ float64 "1_0" }} {{ float64 "0x10" }} {{ float64 "1e-7" }} {{ float64 true }}')).toBe(
      '10 0 1e-07 1',
    );
    expect(rendered('{{ atoi "010" }} {{ atoi "4.2" }} {{ atoi "9223372036854775808" }}')).toBe(
      '10 0 9223372036854775807',
    );
    expect(rendered('{{ toDecimal 755 }} {{ toDecimal "8" }} {{ toDecimal nil }}')).toBe('493 0 0');
  });
});

describe('sequences', () => {
  test.each([
    ['{{ until -3 }}', '[0 -1 -2]'],
    ['{{ untilStep 3 -3 -2 }}', '[3 1 -1]'],
    ['{{ untilStep 0 10 -1 }}{{ untilStep 5 5 1 }}', '[][]'],
    ['{{ seq 5 }}|{{ seq 0 }}|{{ seq 2 -2 }}', '1 2 3 4 5|1 0|2 1 0 -1 -2'],
    ['{{ seq 0 2 10 }}|{{ seq 10 -2 0 }}|{{ seq 1 -1 5 }}|{{ seq 5 1 1 }}', '0 2 4 6 8 10|10 8 6 4 2 0||'],
    ['{{ seq }}|{{ seq 1 2 3 4 }}', '|'],
    ['{{ untilStep 9223372036854775805 9223372036854775807 1 }}', '[9223372036854775805 9223372036854775806]'],
  ])('%s gives %s', (template, output) => {
    expect(rendered(template)).toBe(output);
  });

  test('a long one is a limit', () => {
    expect(failure('{{ until 1000000000 | len }}')).toContain('evaluation steps');
  });
});

test.each([
  ['{{ div 1 0 }}', 'integer divide by zero'],
  ['{{ mod 1 nil }}', 'integer divide by zero'],
  ['{{ divf 1 0 }}', 'decimal division by 0'],
  ['{{ addf (float64 "NaN") 1 }}', 'Cannot create a Decimal from NaN'],
])('%s fails: %s', (template, message) => {
  expect(failure(template)).toContain(message);
});

test('sums and products wrap around like int64', () => {
  const int64 = bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  assert(
    property(int64, int64, (a, b) => {
      expect(rendered('{{ add .a .b }} {{ sub .a .b }} {{ mul .a .b }}', { a: `${a}`, b: `${b}` })).toBe(
        [a + b, a - b, a * b].map((exact) => BigInt.asIntN(64, exact)).join(' '),
      );
    }),
  );
});
