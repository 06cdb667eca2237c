import { describe, expect, it } from 'vitest';
import { Collection } from './collection.ts';
import type { ApiObject } from './object.ts';

function collection(historySize = 3, maxObjects?: number) {
  let revision = 10;
  return new Collection({ historySize, startRevision: 10, nextRevision: () => (revision += 1), maxObjects });
}

function object(name: string, n = 0): ApiObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'ns', name }, n };
}

function names(entries: Iterable<readonly [string, ApiObject]> | undefined): readonly string[] | undefined {
  return entries && [...entries].map(([key]) => key);
}

describe('a collection', () => {
  it('gives every change a new version', () => {
    const objects = collection();
    expect(objects.put(object('a')).metadata.resourceVersion).toBe('11');
    expect(objects.put(object('a', 1)).metadata.resourceVersion).toBe('12');
    expect(objects.get('ns/a')?.['n']).toBe(1);
  });

  it('is in the order of namespaces and names', () => {
    const objects = collection();
    for (const name of ['b', 'a-1', 'a', 'B']) objects.put(object(name));
    expect(names(objects.ordered())).toEqual(['ns/B', 'ns/a', 'ns/a-1', 'ns/b']);
  });

  it('can be looked at as it was', () => {
    const objects = collection(10);
    objects.put(object('a'));
    objects.put(object('b'));
    objects.put(object('a', 1));
    objects.remove('ns/b');
    objects.put(object('c'));
    expect(names(objects.orderedAt(10))).toEqual([]);
    expect(objects.orderedAt(12)?.map(([key, { n }]) => [key, n])).toEqual([
      ['ns/a', 0],
      ['ns/b', 0],
    ]);
    expect(names(objects.orderedAt(14))).toEqual(['ns/a']);
    expect(names(objects.orderedAt(15))).toEqual(['ns/a', 'ns/c']);
  });

  it('tells listeners what changed, and from what', () => {
    const objects = collection();
    const heard: unknown[] = [];
    const stop = objects.listen(({ type, revision, previous }) => heard.push([type, revision, previous?.['n']]));
    objects.put(object('a'));
    objects.put(object('a', 1));
    objects.remove('ns/a');
    stop();
    objects.put(object('a'));
    expect(heard).toEqual([
      ['added', 11, undefined],
      ['modified', 12, 0],
      ['deleted', 13, 1],
    ]);
  });

  it('says of what is deleted the version of the deletion', () => {
    const objects = collection();
    objects.put(object('a'));
    objects.remove('ns/a');
    expect(objects.history.since(11)?.[0]?.object.metadata.resourceVersion).toBe('12');
  });

  it('does not change when nothing is there to remove', () => {
    const objects = collection();
    objects.remove('ns/a');
    expect(objects.history.since(10)).toEqual([]);
  });

  it('lets the oldest go when it holds no more', () => {
    const objects = collection(3, 2);
    for (const name of ['a', 'b', 'c']) objects.put(object(name));
    expect(names(objects.ordered())).toEqual(['ns/b', 'ns/c']);
  });
});

describe('its history', () => {
  it('begins with the collection', () => {
    expect(collection().history.since(9)).toBeUndefined();
    expect(collection().history.since(10)).toEqual([]);
  });

  it('remembers as many changes as it should, and not many more', () => {
    const objects = collection(3);
    for (let n = 0; n < 100; n += 1) objects.put(object('a', n));
    expect(objects.history.since(107)?.map(({ revision }) => revision)).toEqual([108, 109, 110]);
    expect(objects.history.since(103)).toBeUndefined();
    expect(objects.orderedAt(103)).toBeUndefined();
  });

  it('can be forgotten', () => {
    const objects = collection();
    objects.put(object('a'));
    objects.history.forget(12);
    expect(objects.history.since(11)).toBeUndefined();
    expect(objects.history.since(12)).toEqual([]);
  });
});
