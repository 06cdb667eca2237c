import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import { Store } from './store.ts';

interface Labelled extends KubeObject {
  readonly tags: readonly string[];
}

function labelled(name: string, ...tags: string[]): Labelled {
  return { metadata: { namespace: 'ns', name }, tags };
}

function names(objects: readonly KubeObject[]): string[] {
  return objects.map(({ metadata }) => metadata.name ?? '').toSorted();
}

function taggedStore(): Store<Labelled, 'tag'> {
  return new Store({ tag: (object) => object.tags });
}

test('objects are found by key and by every value of an index', () => {
  const store = taggedStore();
  store.put(labelled('a', 'red', 'round'));
  store.put(labelled('b', 'red'));
  expect(store.get('ns/a')?.tags).toEqual(['red', 'round']);
  expect(names(store.byIndex('tag', 'red'))).toEqual(['a', 'b']);
  expect(names(store.byIndex('tag', 'round'))).toEqual(['a']);
  expect(store.byIndex('tag', 'blue')).toEqual([]);
});

test('an object that changed is found under its new values only', () => {
  const store = taggedStore();
  store.put(labelled('a', 'red'));
  expect(store.put(labelled('a', 'blue'))?.tags).toEqual(['red']);
  expect(store.byIndex('tag', 'red')).toEqual([]);
  expect(names(store.byIndex('tag', 'blue'))).toEqual(['a']);
});

test('a replaced store holds what it was given and nothing else', () => {
  const store = taggedStore();
  store.put(labelled('a', 'red'));
  const before = store.replace([labelled('b', 'red')]);
  expect([...before.keys()]).toEqual(['ns/a']);
  expect(store.size).toBe(1);
  expect(names(store.byIndex('tag', 'red'))).toEqual(['b']);
});

test('for all changes an index finds what a search through all objects finds', () => {
  const tags = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'));
  const change = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), tags: fc.option(tags, { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const store = taggedStore();
      for (const { name, tags: next } of changes) {
        if (next === undefined) store.remove(`ns/${name}`);
        else store.put(labelled(name, ...next));
        for (const tag of ['x', 'y', 'z']) {
          const found = [...store.values()].filter((object) => object.tags.includes(tag));
          expect(names(store.byIndex('tag', tag))).toEqual(names(found));
        }
      }
    }),
  );
});
