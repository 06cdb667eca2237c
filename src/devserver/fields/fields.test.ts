import { describe, expect, it } from 'vitest';
import type { StructuralSchema } from '../../api/structural.ts';
import type { ApiObject } from '../object.ts';
import { applied } from './apply.ts';
import { type FieldManager, withUpdatedOwnership } from './managers.ts';
import { difference, type FieldTrie, intersection, isEqualSet, pathsOf, union } from './trie.ts';

const set = (text: string): FieldTrie => JSON.parse(text);

describe('a set of fields', () => {
  const a = set('{"f:data":{".":{},"f:x":{},"f:y":{}}}');
  const b = set('{"f:data":{"f:y":{},"f:z":{}}}');

  it('can be united', () => {
    expect(union(a, b)).toEqual({ 'f:data': { '.': {}, 'f:x': {}, 'f:y': {}, 'f:z': {} } });
    expect(union({}, b)).toEqual(b);
    // What holds a leaf and what is one are told apart.
    expect(union(set('{"f:a":{}}'), set('{"f:a":{"f:b":{}}}'))).toEqual({ 'f:a': { '.': {}, 'f:b': {} } });
  });

  it('can be reduced', () => {
    expect(difference(a, b)).toEqual({ 'f:data': { '.': {}, 'f:x': {} } });
    expect(difference(b, a)).toEqual({ 'f:data': { 'f:z': {} } });
    expect(difference(a, a)).toEqual({});
  });

  it('has things in common', () => {
    expect(intersection(a, b)).toEqual({ 'f:data': { 'f:y': {} } });
    expect(intersection(b, set('{"f:other":{}}'))).toEqual({});
  });

  it('is compared by its members', () => {
    expect(isEqualSet(a, set('{"f:data":{"f:y":{},".":{},"f:x":{}}}'))).toBe(true);
    expect(isEqualSet(a, b)).toBe(false);
  });

  it('is written as paths', () => {
    const deep = set('{"f:data":{".":{},"f:x":{}},"f:l":{"k:{\\"uid\\":\\"1\\"}":{},"v:\\"a\\"":{}}}');
    expect(pathsOf(deep)).toEqual(['.data', '.data.x', '.l[uid="1"]', '.l[="a"]']);
  });
});

const schema: StructuralSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        atomic: { type: 'object', 'x-kubernetes-map-type': 'atomic' },
        plain: { type: 'array', items: { type: 'string' } },
        keyed: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', properties: { name: { type: 'string' }, value: { type: 'string' } } },
        },
      },
    },
  },
};

const object = (content: object): ApiObject => ({ apiVersion: 'v1', kind: 'K', metadata: { name: 'a' }, ...content });
const manager = (name: string, operation: FieldManager['operation'] = 'Update'): FieldManager => {
  return { manager: name, operation, apiVersion: 'v1' };
};

function updated(before: ApiObject | undefined, after: ApiObject, name: string, time = 't1'): ApiObject {
  return withUpdatedOwnership(before, after, { writer: manager(name), schema, time });
}

function fieldsOf(object: ApiObject): Readonly<Record<string, unknown>> {
  return Object.fromEntries((object.metadata.managedFields ?? []).map((entry) => [entry.manager, entry.fieldsV1]));
}

describe('updates', () => {
  it('own lists and maps as their schema divides them', () => {
    const spec = { atomic: { a: 1 }, plain: ['x'], keyed: [{ name: 'n', value: 'v' }], empty: {} };
    expect(fieldsOf(updated(undefined, object({ spec }), 'one'))).toEqual({
      one: {
        'f:spec': {
          '.': {},
          'f:atomic': {},
          'f:plain': {},
          'f:keyed': { '.': {}, 'k:{"name":"n"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
          'f:empty': {},
        },
      },
    });
  });

  it('take an item of a keyed list for the same when it moves', () => {
    const items = [
      { name: 'n', value: '1' },
      { name: 'm', value: '2' },
    ];
    const first = updated(undefined, object({ spec: { keyed: items } }), 'one');
    const second = updated(first, { ...first, spec: { keyed: items.toReversed() } }, 'two', 't2');
    expect(Object.keys(fieldsOf(second))).toEqual(['one']);
    expect(second.metadata.managedFields?.[0]?.time).toBe('t1');
  });

  it('keep the time of whom they do not concern', () => {
    const first = updated(undefined, object({ data: { a: '1' } }), 'one');
    const second = updated(first, { ...first, data: { a: '1', b: '2' } }, 'two', 't2');
    expect(second.metadata.managedFields?.map(({ manager: name, time }) => [name, time])).toEqual([
      ['one', 't1'],
      ['two', 't2'],
    ]);
  });

  it('do not own what only the server writes', () => {
    const metadata = { name: 'a', uid: 'u', resourceVersion: '5', creationTimestamp: 't', generation: 1 };
    expect(updated(undefined, { apiVersion: 'v1', kind: 'K', metadata }, 'one').metadata.managedFields).toBeUndefined();
  });
});

describe('apply', () => {
  function apply(live: ApiObject | undefined, config: object, name: string, force = false): ApiObject {
    return applied(live, object(config), { writer: manager(name, 'Apply'), schema, force, time: 't' });
  }

  it('merges keyed lists and leaves the items of others', () => {
    const one = apply(undefined, { spec: { keyed: [{ name: 'a', value: '1' }] } }, 'one');
    const two = apply(one, { spec: { keyed: [{ name: 'b', value: '2' }] } }, 'two');
    expect(two['spec']).toEqual({
      keyed: [
        { name: 'a', value: '1' },
        { name: 'b', value: '2' },
      ],
    });
    const less = apply(two, { spec: { keyed: [] } }, 'one');
    expect(less['spec']).toEqual({ keyed: [{ name: 'b', value: '2' }] });
  });

  it('takes a map away with the last of its fields', () => {
    const one = apply(undefined, { spec: { keyed: [{ name: 'a', value: '1' }] }, data: { a: '1' } }, 'one');
    expect(apply(one, { data: { a: '1' } }, 'one')).not.toHaveProperty('spec');
  });

  it('shares a field that has the same value', () => {
    const one = apply(undefined, { data: { a: '1' } }, 'one');
    const both = apply(one, { data: { a: '1' } }, 'two');
    expect(fieldsOf(both)).toEqual({ one: { 'f:data': { 'f:a': {} } }, two: { 'f:data': { 'f:a': {} } } });
  });

  it('names everybody it conflicts with', () => {
    const one = apply(undefined, { data: { a: '1' } }, 'one');
    const both = apply(one, { data: { a: '1' } }, 'two');
    expect(() => apply(both, { data: { a: '2' } }, 'three')).toThrow(
      'Apply failed with 2 conflicts: conflict with "one": .data.a\nconflict with "two": .data.a',
    );
    expect(fieldsOf(apply(both, { data: { a: '2' } }, 'three', true))).toEqual({ three: { 'f:data': { 'f:a': {} } } });
  });

  it('does not change what it is given', () => {
    const one = apply(undefined, { data: { a: '1' } }, 'one');
    const before = structuredClone(one);
    apply(one, { data: { b: '1' } }, 'one');
    expect(one).toEqual(before);
  });
});
