import { assert, bigInt, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atoi, maxInt64, minInt64, parseInt64, parseUint64 } from './int.ts';

describe('parseInt64 with base 0', () => {
  test.each([
    ['0', 0n],
    ['00', 0n],
    ['+5', 5n],
    ['010', 8n],
    ['-010', -8n],
    ['0x1F', 31n],
    ['0X1f', 31n],
    ['-0x10', -16n],
    ['0o17', 15n],
    ['0b11', 3n],
    ['1_000', 1000n],
    ['0x_1', 1n],
    ['0_1', 1n],
    ['0b_1', 1n],
    ['9223372036854775807', maxInt64],
    ['-9223372036854775808', minInt64],
  ])('reads %s', (text, value) => {
    expect(parseInt64(text, 0)).toEqual({ ok: true, value });
  });

  test.each(['', '-', '+', '08', '0o', '0x', '_1', '1_', '1__0', '0_x1', '1.0', ' 1', '1e3', '--1', '0xg'])(
    'refuses %j as syntax',
    (text) => {
      expect(parseInt64(text, 0)).toMatchObject({ ok: false, reason: 'invalid syntax' });
    },
  );

  test('gives the bound with a number out of range', () => {
    expect(parseInt64('9223372036854775808', 0)).toEqual({ ok: false, reason: 'value out of range', value: maxInt64 });
    expect(parseInt64('-99999999999999999999', 0)).toEqual({
      ok: false,
      reason: 'value out of range',
      value: minInt64,
    });
  });
});

test('a given base takes no prefix and no underscores', () => {
  expect(parseInt64('777', 8)).toEqual({ ok: true, value: 511n });
  expect(parseInt64('zz', 36)).toEqual({ ok: true, value: 1295n });
  for (const text of ['0x1', '1_0', '8']) expect(parseInt64(text, 8).ok).toBe(false);
});

test('an unsigned number has no sign and one bit more', () => {
  expect(parseUint64('18446744073709551615', 0)).toEqual({ ok: true, value: 2n ** 64n - 1n });
  expect(parseUint64('-1', 0).ok).toBe(false);
});

test('atoi gives 0 for text and the bound for what is too large', () => {
  expect(atoi('-42')).toBe(-42n);
  expect(atoi('0x10')).toBe(0n);
  expect(atoi('99999999999999999999')).toBe(maxInt64);
});

test('every int64 survives its decimal and hexadecimal text', () => {
  assert(
    property(bigInt({ min: minInt64, max: maxInt64 }), (value) => {
      const hex = value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
      expect(parseInt64(String(value), 10)).toEqual({ ok: true, value });
      expect(parseInt64(hex, 0)).toEqual({ ok: true, value });
    }),
  );
});
