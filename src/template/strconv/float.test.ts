import { assert, double, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatShortest, formatShortest32, parseFloat64 } from './float.ts';

describe('parseFloat64', () => {
  test.each([
    ['1_0', 10],
    ['1e1_0', 1e10],
    ['0_1.5', 1.5],
    ['.5e1', 5],
    ['1.e3', 1000],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-infinity', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
    ['0x1p4', 16],
    ['0x.8p1', 1],
    ['0x1_0p1', 32],
    ['-0x1p-1074', -5e-324],
  ])('reads %s', (text, value) => {
    expect(parseFloat64(text)).toBe(value);
  });

  test.each(['', '.', 'e5', '1_.5', '1._5', '1e_5', '-nan', '0x10', '1e400', ' 1', '1 ', '0b1', '0xp1', '1,5'])(
    'refuses %j',
    (text) => {
      expect(parseFloat64(text)).toBeUndefined();
    },
  );
});

describe('formatShortest', () => {
  test.each([
    [0, '0'],
    [-0, '-0'],
    [100_000, '100000'],
    [1e6, '1e+06'],
    [123_456, '123456'],
    [1_234_567, '1.234567e+06'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [12_345_678.5, '1.23456785e+07'],
    [-2.5, '-2.5'],
    [1e100, '1e+100'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('writes %d', (value, text) => {
    expect(formatShortest(value)).toBe(text);
  });

  test('reads back as the same float', () => {
    assert(
      property(double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseFloat64(formatShortest(value))).toBe(value);
      }),
    );
  });
});

test('a float32 is written with the digits that a float32 needs', () => {
  expect(formatShortest32(0.1)).toBe('0.1');
  expect(formatShortest32(12_345_678.5)).toBe('1.2345678e+07');
  expect(formatShortest32(16_777_217)).toBe('1.6777216e+07');
  expect(formatShortest32(1e40)).toBe('+Inf');
});
