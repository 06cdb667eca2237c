import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertKey, convertKeys, SecretKeyError, unescapeKey, validKeys } from './secretkeys.ts';

describe('conversion of keys', () => {
  it.each([
    [undefined, 'path/to key', 'path_to_key'],
    ['Default', 'a@b', 'a_b'],
    ['Default', '🔑x', '_x'],
    ['Unicode', 'path/to', 'path_U002f_to'],
    ['Unicode', 'a b', 'a_U0020_b'],
    ['Unicode', '🔑', '_U1f511_'],
    ['Unicode', 'straße-₃.x_y', 'straße-₃.x_y'],
  ] as const)('%s makes %s to %s', (strategy, key, expected) => {
    expect(convertKey(strategy, key)).toBe(expected);
  });

  it('refuses two keys that become one', () => {
    const map = new Map([
      ['a/b', 1],
      ['a_b', 2],
    ]);
    expect(() => convertKeys('Default', map)).toThrow(
      new SecretKeyError('secret name collision during conversion: a_b'),
    );
    expect([...convertKeys('Unicode', map).keys()]).toEqual(['a_U002f_b', 'a_b']);
  });

  it('leaves nothing that validation refuses, but for length', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
        fc.constantFrom('Default', 'Unicode', undefined),
        (key, strategy) => {
          expect([...validKeys(convertKeys(strategy, new Map([[key, 1]]))).values()]).toEqual([1]);
        },
      ),
    );
  });

  it('can be taken back when it was Unicode', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '/', ' ', '🔑', '@', 'é', '.') }), (key) => {
        expect(unescapeKey(convertKey('Unicode', key))).toBe(key);
      }),
    );
    expect(unescapeKey('_Uffffff_x')).toBe('_Uffffff_x');
  });
});

describe('validation of keys', () => {
  it('drops the empty key', () => {
    expect([
      ...validKeys(
        new Map([
          ['', 1],
          ['a', 2],
        ]),
      ).keys(),
    ]).toEqual(['a']);
  });

  it('refuses a key that is too long, in bytes', () => {
    expect(validKeys(new Map([['é'.repeat(126), 1]])).size).toBe(1);
    expect(() => validKeys(new Map([['é'.repeat(127), 1]]))).toThrow('254 bytes');
  });

  it('refuses characters that a Secret does not take, and names key and character', () => {
    expect(() => validKeys(new Map([['path/to', 1]]))).toThrow('the key path/to has the character "/"');
  });
});
