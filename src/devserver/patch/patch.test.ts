import { describe, expect, it } from 'vitest';
import { jsonPatched } from './json.ts';
import { mergePatched } from './merge.ts';
import { strategicPatched } from './strategic.ts';

describe('a merge patch', () => {
  // The examples of RFC 7386.
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
    ['{"__proto__":1}', '{"__proto__":2}', '{"__proto__":2}'],
  ])('of %s by %s gives %s', (target, patch, expected) => {
    expect(JSON.stringify(mergePatched(JSON.parse(target), JSON.parse(patch)))).toBe(expected);
  });
});

describe('a JSON patch', () => {
  it.each([
    ['adds a member', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['adds to a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    ['adds at the end', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    ['replaces in a list', { a: [1, 2] }, [{ op: 'replace', path: '/a/0', value: 9 }], { a: [9, 2] }],
    ['goes through lists', { a: [{ b: 1 }] }, [{ op: 'add', path: '/a/0/c', value: 2 }], { a: [{ b: 1, c: 2 }] }],
    [
      'removes',
      { a: [1, 2], b: 1 },
      [
        { op: 'remove', path: '/a/0' },
        { op: 'remove', path: '/b' },
      ],
      { a: [2] },
    ],
    ['moves', { a: { b: 1 } }, [{ op: 'move', from: '/a/b', path: '/c' }], { a: {}, c: 1 }],
    ['copies', { a: { b: 1 } }, [{ op: 'copy', from: '/a', path: '/c' }], { a: { b: 1 }, c: { b: 1 } }],
    ['tests', { a: { b: [1] } }, [{ op: 'test', path: '/a', value: { b: [1] } }], { a: { b: [1] } }],
    ['knows odd names', { 'a/b': { 'c~d': 1 } }, [{ op: 'remove', path: '/a~1b/c~0d' }], { 'a/b': {} }],
    ['replaces the whole', { a: 1 }, [{ op: 'add', path: '', value: { b: 2 } }], { b: 2 }],
  ])('%s', (_, document, operations, expected) => {
    const before = structuredClone(document);
    expect(jsonPatched(document, operations)).toEqual(expected);
    expect(document).toEqual(before);
  });

  it.each([
    ['an index beyond the list', [{ op: 'add', path: '/a/5', value: 1 }], 422],
    ['an index that is none', [{ op: 'add', path: '/a/x', value: 1 }], 422],
    ['a test that fails', [{ op: 'test', path: '/a', value: [] }], 422],
    ['a source that is not there', [{ op: 'copy', from: '/x', path: '/y' }], 422],
    ['something below a text', [{ op: 'add', path: '/t/x', value: 1 }], 422],
    ['an unknown operation', [{ op: 'swap', path: '/a' }], 400],
    ['no path', [{ op: 'add' }], 400],
    ['no operation', ['add'], 400],
    ['no list', { op: 'add' }, 400],
  ])('with %s is refused', (_, operations, code) => {
    expect(() => jsonPatched({ a: [1], t: '' }, operations)).toThrow(
      expect.objectContaining({ status: expect.objectContaining({ code }) }),
    );
  });
});

describe('a strategic merge patch', () => {
  const account = { secrets: [{ name: 'a' }, { name: 'b' }], metadata: { finalizers: ['x'], labels: { l: '1' } } };

  it('merges lists by their keys', () => {
    const patch = { secrets: [{ name: 'b', kind: 'K' }, { name: 'c' }], metadata: { finalizers: ['y'] } };
    expect(strategicPatched(account, patch)).toEqual({
      secrets: [{ name: 'a' }, { name: 'b', kind: 'K' }, { name: 'c' }],
      metadata: { finalizers: ['x', 'y'], labels: { l: '1' } },
    });
  });

  it('deletes and replaces where it is told to', () => {
    const patch = {
      secrets: [{ $patch: 'delete', name: 'a' }],
      metadata: { labels: { $patch: 'replace', m: '2' }, '$deleteFromPrimitiveList/finalizers': ['x'] },
    };
    expect(strategicPatched(account, patch)).toEqual({
      secrets: [{ name: 'b' }],
      metadata: { finalizers: [], labels: { m: '2' } },
    });
    expect(strategicPatched(account, { secrets: [{ $patch: 'replace' }, { name: 'z' }] })).toMatchObject({
      secrets: [{ name: 'z' }],
    });
    expect(strategicPatched(account, { metadata: { $patch: 'delete' } })).not.toHaveProperty('metadata');
  });

  it('keeps only what it names when it says so, and no directive', () => {
    const patch = { metadata: { $retainKeys: ['labels'], labels: { m: '2' } }, '$setElementOrder/secrets': [] };
    expect(strategicPatched(account, patch)).toEqual({
      secrets: account.secrets,
      metadata: { labels: { l: '1', m: '2' } },
    });
  });
});
