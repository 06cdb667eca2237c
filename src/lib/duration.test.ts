import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['1h0m0s', 3_600_000],
    ['300s', 300_000],
    ['1.5h', 5_400_000],
    ['100ms', 100],
    ['1h15m30.918s', 4_530_918],
    ['.5s', 500],
    ['1.s', 1000],
    ['2us', 0.002],
    ['2µs', 0.002],
    ['2μs', 0.002],
    ['-30m', -1_800_000],
    ['+5s', 5000],
    ['0', 0],
    ['-0', 0],
    ['0s', 0],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBeCloseTo(ms, 9);
  });

  it.each(['', '5', '1', 's', '.s', '-', '1h 5m', '5d', '1H', 'abc', '1h-5m', '1e3s', '9999999h', 'Infinity'])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it('reads what it is made of, whatever the parts', () => {
    const parts = fc.tuple(fc.nat(1000), fc.nat(59), fc.nat(59), fc.nat(999));
    fc.assert(
      fc.property(parts, ([hours, minutes, seconds, ms]) => {
        const expected = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
        expect(parseDuration(`${hours}h${minutes}m${seconds}s${ms}ms`)).toBe(expected);
      }),
    );
  });
});
