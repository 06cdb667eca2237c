import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPath, getAt, type Path, PathError, parsePath, type Segment, setAt } from './path.ts';
import { jsonOf, type TreeMap, treeMapOf } from './tree.ts';

/** Keys that mean something to the language are as likely as others. */
const key = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'length', 'a', 'b'),
  fc.stringMatching(/^[^.[\]]+$/),
);
const segment = fc.oneof(key, fc.nat(5));
const path: fc.Arbitrary<Path> = fc
  .tuple(key, fc.array(segment, { maxLength: 5 }))
  .map(([first, rest]): Path => [first, ...rest]);

describe('parsePath', () => {
  it('splits a path at its dots and brackets', () => {
    expect(parsePath('spec.rules[0].matrix[1][2].host')).toEqual(['spec', 'rules', 0, 'matrix', 1, 2, 'host']);
  });

  it('takes the largest index, and leading zeros for what they are', () => {
    expect(parsePath('a[10000][007]')).toEqual(['a', 10_000, 7]);
  });

  it('reads back what formatPath writes', () => {
    fc.assert(
      fc.property(path, (each) => {
        expect(parsePath(formatPath(each))).toEqual(each);
      }),
    );
  });

  it.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    '[0]',
    '[0].a',
    'a.[0]',
    'a[',
    'a]',
    'a[]',
    'a[x]',
    'a[-1]',
    'a[1.5]',
    'a[1]b',
  ])('refuses %j', (text) => {
    expect(() => parsePath(text)).toThrow(PathError);
  });

  it('refuses an index that would make a list of any length', () => {
    expect(() => parsePath('a[10001]')).toThrow('indexes are whole numbers up to 10000');
    expect(() => parsePath(`a[${'9'.repeat(400)}]`)).toThrow(PathError);
  });

  it('reads any text to a path or refuses it as one', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(typeof parsePath(text)[0]).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(PathError);
        }
      }),
    );
  });
});

describe('setAt', () => {
  it('makes the maps and lists on the way', () => {
    const root: TreeMap = new Map();
    setAt(root, parsePath('spec.rules[1].host'), 'db');
    expect(jsonOf(root)).toEqual({ spec: { rules: [null, { host: 'db' }] } });
  });

  it('leaves beside it what is there', () => {
    const root = treeMapOf({ spec: { rules: [{ host: 'a', path: '/' }, { host: 'b' }], mode: 'open' } });
    setAt(root, parsePath('spec.rules[0].host'), 'db');
    expect(jsonOf(root)).toEqual({ spec: { rules: [{ host: 'db', path: '/' }, { host: 'b' }], mode: 'open' } });
  });

  it('takes null for nothing', () => {
    const root = treeMapOf({ spec: null });
    setAt(root, parsePath('spec.mode'), 'open');
    expect(jsonOf(root)).toEqual({ spec: { mode: 'open' } });
  });

  it.each([
    ['spec.rules.host', 'spec.rules is not a map'],
    ['spec.mode.host', 'spec.mode is not a map'],
    ['spec[0]', 'spec is not a list'],
    ['spec.rules[0][1]', 'spec.rules[0] is not a list'],
  ])('refuses %s where something else is, and says where', (text, message) => {
    const root = treeMapOf({ spec: { rules: [{ host: 'secret-host' }], mode: 'secret-mode' } });
    expect(() => setAt(root, parsePath(text), 'x')).toThrow(message);
    expect(() => setAt(root, parsePath(text), 'x')).not.toThrow('secret-');
  });

  it('is what getAt finds, whatever the keys are, and nothing of the language changes', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    fc.assert(
      fc.property(path, fc.string(), (each, value) => {
        const root: TreeMap = new Map();
        setAt(root, each, value);
        expect(getAt(root, each)).toBe(value);
        expect(getAt(treeMapOf(JSON.parse(JSON.stringify(jsonOf(root)))), each)).toBe(value);
        expect(Object.hasOwn({}, each.at(-1) ?? '')).toBe(false);
      }),
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('leaves every other path as it was', () => {
    fc.assert(
      fc.property(path, path, (one, other) => {
        fc.pre(!isPrefix(one, other) && !isPrefix(other, one));
        const root: TreeMap = new Map();
        setAt(root, one, 'one');
        try {
          setAt(root, other, 'other');
        } catch (error) {
          expect(error).toBeInstanceOf(PathError);
        }
        expect(getAt(root, one)).toBe('one');
      }),
    );
  });
});

function isPrefix(one: readonly Segment[], other: readonly Segment[]): boolean {
  return one.every((each, at) => each === other[at]);
}
