import { describe, expect, it } from 'vitest';
import type { ManagedFieldsEntry } from '../../../api/object.ts';
import { appliedByManager, appliedFields, fieldsOfOthers, ownsExactly, pick } from './fieldset.ts';
import { jsonOf, treeMapOf } from './tree.ts';

const me = 'externalsecrets.external-secrets.io/me';
const other = 'externalsecrets.external-secrets.io/other';

function entry(manager: string, fieldsV1: object, rest: Partial<ManagedFieldsEntry> = {}): ManagedFieldsEntry {
  // As it comes over the wire.
  return { manager, operation: 'Apply', fieldsV1: fieldsV1 as Readonly<Record<string, unknown>>, ...rest };
}

const mine = {
  'f:spec': { 'f:a': {}, 'f:list': { 'k:{"name":"x"}': { '.': {}, 'f:name': {} } }, 'f:map': { '.': {} } },
};

describe('the fields of a manager', () => {
  it('are what it applied to the object itself, in any version', () => {
    const managedFields = [
      entry(me, mine, { apiVersion: 'v1' }),
      entry(me, { 'f:spec': { 'f:b': {} } }, { apiVersion: 'v2' }),
      entry(me, { 'f:spec': { 'f:c': {} } }, { operation: 'Update' }),
      entry(me, { 'f:status': { 'f:d': {} } }, { subresource: 'status' }),
      entry(other, { 'f:spec': { 'f:e': {} } }),
    ];
    const fields = appliedFields({ managedFields }, me);
    const content = treeMapOf({
      spec: { a: 1, b: 2, c: 3, d: 4, e: 5, list: [{ name: 'x' }, { name: 'y' }], map: {} },
    });
    expect(jsonOf(pick(content, fields))).toEqual({
      spec: { a: 1, b: 2, list: [{ name: 'x' }, { name: 'y' }], map: {} },
    });
    expect(jsonOf(pick(content, fieldsOfOthers({ managedFields }, me)))).toEqual({ spec: { e: 5 } });
    expect([...appliedByManager({ managedFields }).keys()]).toEqual([me, other]);
  });

  it('of somebody who is not an ExternalSecret are nobody of ours', () => {
    const managedFields = [entry('kubectl', mine)];
    expect(fieldsOfOthers({ managedFields }, me).size).toBe(0);
    expect(appliedByManager({ managedFields }).size).toBe(0);
  });

  it('are none where the object says nothing', () => {
    expect(appliedFields({}, me).size).toBe(0);
  });
});

describe('ownsExactly', () => {
  const fields = appliedFields({ managedFields: [entry(me, mine)] }, me);

  it.each([
    ['the same fields', { spec: { a: 1, list: [1, 2, 3], map: {} } }, true],
    ['a field that is not owned', { spec: { a: 1, list: [], map: {}, new: 1 } }, false],
    ['without a field that is owned', { spec: { a: 1, list: [] } }, false],
    ['another field of the same number', { spec: { a: 1, list: [], new: {} } }, false],
    ['members in a map that is owned whole', { spec: { a: 1, list: [], map: { b: 1 } } }, true],
    ['nothing', {}, false],
  ])('with %s', (_, content, expected) => {
    expect(ownsExactly(fields, treeMapOf(content))).toBe(expected);
  });
});
