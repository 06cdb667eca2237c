import { describe, expect, it } from 'vitest';
import { LeafError, parseDocument, parseLeaf, textOf } from './leaf.ts';
import { jsonOf } from './tree.ts';

describe('a rendered value', () => {
  it.each([
    ['5432', 5432],
    ['1.5', 1.5],
    ['true', true],
    ['no', false],
    ['"5432"', '5432'],
    ["'no'", 'no'],
    ['!!str 5432', '5432'],
    ['[1, a]', [1, 'a']],
    ['a: {b: 1}', { a: { b: 1 } }],
    ['{"a":[true,null]}', { a: [true, null] }],
    ['|\n  a\n  b\n', 'a\nb\n'],
  ])('%j is what YAML says', (text, value) => {
    expect(jsonOf(parseLeaf(text))).toEqual(value);
  });

  it.each([
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
    ['a password with a comment in it', 'abc #def'],
    ['a password that would be a comment', '#abcdef'],
    ['a password that would be a tag', '!abc'],
    ['a password that would be an anchor', '&abc'],
    ['a password that would be an alias', '*abc'],
    ['what is no YAML', '@a: b: ['],
    ['nothing', ''],
    ['an open quote', '"abc'],
    ['a word', 'open'],
  ])('that is %s stays as it is', (_, text) => {
    expect(parseLeaf(text)).toBe(text);
  });

  it('loses the line break that the template put behind it', () => {
    expect(parseLeaf('db.internal\n')).toBe('db.internal');
  });

  it.each(['null', '~', 'null\n'])('%j leaves the field out', (text) => {
    expect(parseLeaf(text)).toBeNull();
  });

  it('of more digits than a number holds is text', () => {
    expect(parseLeaf('12345678901234567890')).toBe('12345678901234567890');
    expect(parseLeaf('9007199254740991')).toBe(9_007_199_254_740_991);
  });
});

describe('a rendered document', () => {
  it('is read with the types of YAML 1.1, and without nulls', () => {
    expect(jsonOf(parseDocument('a: 0x10\nb: yes\nc: ~\nd: [~, {e: null}]'))).toEqual({
      a: 16,
      b: true,
      d: [null, {}],
    });
  });

  it('keeps characters, and keys that mean something to the language', () => {
    const document = parseDocument('__proto__: {polluted: ü}\nconstructor: ✓');
    expect(JSON.stringify(jsonOf(document))).toBe('{"__proto__":{"polluted":"ü"},"constructor":"✓"}');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('is refused when digits would be lost, without quoting them', () => {
    expect(() => parseDocument('a: {id: 12345678901234567890}')).toThrow(LeafError);
    expect(() => parseDocument('a: {id: 12345678901234567890}')).not.toThrow('12345678901234567890');
  });

  it('is refused when it is no YAML', () => {
    expect(() => parseDocument('a: [')).toThrow();
  });
});

describe('textOf', () => {
  it('refuses bytes that are no text', () => {
    expect(() => textOf(Uint8Array.of(0xff, 0xfe))).toThrow('not UTF-8 text');
    expect(textOf(Buffer.from('ü'))).toBe('ü');
  });
});
