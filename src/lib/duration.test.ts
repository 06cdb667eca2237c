import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DurationSyntaxError, formatDuration, parseDuration, parseDurationMs } from './duration.ts';

describe('durations', () => {
  it.each([
    ['0', 0n],
    ['5s', 5_000_000_000n],
    ['1h0m0s', 3_600_000_000_000n],
    ['1h30m', 5_400_000_000_000n],
    ['-1.5h', -5_400_000_000_000n],
    ['+5s', 5_000_000_000n],
    ['100ms', 100_000_000n],
    ['1.5s', 1_500_000_000n],
    ['.5s', 500_000_000n],
    ['1.s', 1_000_000_000n],
    ['12µs', 12_000n],
    ['12μs', 12_000n],
    ['12us', 12_000n],
    ['1ns', 1n],
    ['0.3333333333333333333h', 1_200_000_000_000n],
    ['0.9223372036854775807h', 3_320_413_933_267n],
    ['0.100000000000000000000h', 360_000_000_000n],
    ['9223372036854775807ns', 9_223_372_036_854_775_807n],
    ['9223372036854775.807us', 9_223_372_036_854_775_807n],
    ['-9223372036854775808ns', -9_223_372_036_854_775_808n],
    ['8760h', 31_536_000_000_000_000n],
    ['1h1h', 7_200_000_000_000n],
  ])('%s is %s ns', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each([
    ['', 'time: invalid duration ""'],
    ['3', 'time: missing unit in duration "3"'],
    ['-', 'time: invalid duration "-"'],
    ['s', 'time: invalid duration "s"'],
    ['.', 'time: invalid duration "."'],
    ['-.', 'time: invalid duration "-."'],
    ['.s', 'time: invalid duration ".s"'],
    ['1 h', 'time: unknown unit " h" in duration "1 h"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['1h-1m', 'time: unknown unit "h-" in duration "1h-1m"'],
    ['5m ', 'time: unknown unit "m " in duration "5m "'],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
    ['3000000h', 'time: invalid duration "3000000h"'],
    ['--5s', 'time: invalid duration "--5s"'],
  ])('refuses %j in the words of Go', (text, message) => {
    expect(() => parseDuration(text)).toThrow(new DurationSyntaxError(message));
  });

  it.each([
    [0n, '0s'],
    [1n, '1ns'],
    [1_100n, '1.1µs'],
    [2_200_000n, '2.2ms'],
    [3_300_000_000n, '3.3s'],
    [245_000_000_000n, '4m5s'],
    [245_001_000_000n, '4m5.001s'],
    [18_367_001_000_000n, '5h6m7.001s'],
    [3_600_000_000_000n, '1h0m0s'],
    [-90_000_000_000n, '-1m30s'],
    [9_223_372_036_854_775_807n, '2562047h47m16.854775807s'],
  ])('%s ns are printed as %s', (nanoseconds, expected) => {
    expect(formatDuration(nanoseconds)).toBe(expected);
  });

  it('come back from their text as they were', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n) + 1n, max: (1n << 63n) - 1n }), (value) => {
        expect(parseDuration(formatDuration(value))).toBe(value);
      }),
    );
  });

  it('can be had in milliseconds', () => {
    expect(parseDurationMs('1m30s')).toBe(90_000);
    expect(parseDurationMs('1500us')).toBe(1.5);
  });
});
