import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rewrite } from '../../api/rewrite.ts';
import { rewriteKeys } from './rewrite.ts';
import { textsOf, valuesOf } from './testing/objects.ts';

function rewritten(operations: readonly Rewrite[], texts: Readonly<Record<string, string>>): Record<string, string> {
  return textsOf(rewriteKeys(operations, valuesOf(texts), (template, key) => template.replace('{{ .value }}', key)));
}

const regexp = (source: string, target: string): Rewrite => ({ regexp: { source, target } });
const merge = (options: Partial<NonNullable<Rewrite['merge']>>): Rewrite => ({
  merge: { into: '', priorityPolicy: 'Strict', conflictPolicy: 'Error', strategy: 'Extract', ...options },
});

describe('rewriting keys', () => {
  it('replaces by RE2, with its group names', () => {
    expect(rewritten([regexp('^app/(?P<name>.+)$', 'db_${name}')], { 'app/user': '1', other: '2' })).toEqual({
      db_user: '1',
      other: '2',
    });
  });

  it('goes through the operations in order', () => {
    const upper: Rewrite = { transform: { template: 'X-{{ .value }}' } };
    expect(rewritten([regexp('a', 'b'), upper, regexp('b', 'c')], { a: '1' })).toEqual({ 'X-c': '1' });
  });

  it('lets the key that comes last in byte order win where keys collide, however they came', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['k1', 'k2', 'k3'], { minLength: 2 }), (keys) => {
        const texts = Object.fromEntries(keys.map((key) => [key, key]));
        expect(rewritten([regexp('.*\\d', 'k')], texts)).toEqual({ k: keys.toSorted().at(-1) });
      }),
    );
  });

  it('extracts the members of JSON objects, with every digit', () => {
    const big = '12345678901234567890';
    expect(rewritten([merge({})], { a: `{"id": ${big}, "text": "x<y"}`, b: '{"list": [1, 2], "none": null}' })).toEqual(
      {
        id: big,
        text: 'x<y',
        list: '[1,2]',
        none: '',
      },
    );
  });

  it('puts the merged object under a key beside the others', () => {
    const values = { a: '{"x": 1}', b: '{"y": "<"}' };
    expect(rewritten([merge({ strategy: 'JSON', into: 'all' })], values)).toEqual({
      ...values,
      all: '{"x":1,"y":"<"}',
    });
  });

  it('lets priority keys win, the last of them most', () => {
    const values = { a: '{"x": "a"}', b: '{"x": "b"}', c: '{"x": "c"}' };
    expect(rewritten([merge({ conflictPolicy: 'Ignore', priority: ['a', 'b'] })], values)).toEqual({ x: 'b' });
  });

  it.each([
    ['members that collide', [merge({})], { a: '{"x": 1}', b: '{"x": 2}' }, 'more than one value has the member "x"'],
    ['a value that is no object', [merge({})], { a: '[1]' }, 'the value of key "a" is not one'],
    [
      'a priority key that is missing',
      [merge({ priority: ['z'] })],
      { a: '{}' },
      'the priority key "z" does not exist',
    ],
    ['JSON without into', [merge({ strategy: 'JSON' })], { a: '{}' }, 'needs "into"'],
    ['an expression that RE2 does not know', [regexp('a', 'b'), regexp('(?=x)', '')], { a: '1' }, 'rewrite[1]'],
  ] as const)('refuses %s and says where', (_, operations, values, message) => {
    expect(() => rewritten(operations, values)).toThrow(message);
  });

  it('lets a missing priority key pass when told so', () => {
    expect(rewritten([merge({ priority: ['z'], priorityPolicy: 'IgnoreNotFound' })], { a: '{"x": 1}' })).toEqual({
      x: '1',
    });
  });
});
