import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LruCache } from './lrucache.ts';

describe('the LRU cache', () => {
  it('forgets what was not used for longest', () => {
    const cache = new LruCache<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  });

  it('never grows beyond its bound and always has what was set last', () => {
    const entries = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer()));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), entries, (bound, sets) => {
        const cache = new LruCache<number, number>(bound);
        for (const [key, value] of sets) {
          cache.set(key, value);
          expect(cache.get(key)).toBe(value);
          expect(cache.size).toBeLessThanOrEqual(bound);
        }
      }),
    );
  });
});
