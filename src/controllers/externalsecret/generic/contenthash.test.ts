import { describe, expect, it } from 'vitest';
import { sha3Hex } from '../../../lib/gohash.ts';
import { contentHash, hashOfTree } from './contenthash.ts';
import { treeMapOf, treeOf } from './tree.ts';

describe('the hash of content', () => {
  it.each([
    [{}, 'map[]'],
    [{ b: 'x', a: '' }, 'map[a: b:x]'],
    [{ ﬀ: 1, '😀': 2, Z: 3 }, 'map[Z:3 ﬀ:1 😀:2]'],
    [{ a: { b: [1, 'two', true, null, { c: false }] } }, 'map[a:map[b:[1 two true <nil> map[c:false]]]]'],
    [
      { a: 1.5, b: 123_456_789, c: -0.00001, d: 1e21, e: 9_007_199_254_740_991 },
      'map[a:1.5 b:123456789 c:-1e-05 d:1e+21 e:9007199254740991]',
    ],
    [[], '[]'],
  ])('of %j is that of what Go prints', (json, printed) => {
    expect(hashOfTree(treeOf(json))).toBe(sha3Hex(printed));
  });

  it('is that of the spec, or else of the data, or else of what is ours', () => {
    const owned = treeMapOf({ c: 3 });
    expect(contentHash(treeMapOf({ spec: { a: 1 }, data: { b: 2 } }), owned)).toBe(sha3Hex('map[a:1]'));
    expect(contentHash(treeMapOf({ data: { b: 2 }, c: 3 }), owned)).toBe(sha3Hex('map[b:2]'));
    expect(contentHash(treeMapOf({ c: 3, d: 4 }), owned)).toBe(sha3Hex('map[c:3]'));
  });
});
