import { expect, test } from 'vitest';
import type { Resource } from '../api/resource.ts';
import { controllerOf, controllerReference, isSameOwner } from './ownerreference.ts';

const widgets: Resource = { group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget', namespaced: true };
const reference = controllerReference(widgets, { metadata: { name: 'w', uid: 'u' } });

test('a controller reference names its owner and makes it the controller', () => {
  expect(reference).toEqual({
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    name: 'w',
    uid: 'u',
    controller: true,
    blockOwnerDeletion: true,
  });
});

test('the controller of an object is the one reference that says so', () => {
  const other = { ...reference, uid: 'o', controller: false };
  expect(controllerOf({ metadata: { ownerReferences: [other, reference] } })).toBe(reference);
  expect(controllerOf({ metadata: { ownerReferences: [other] } })).toBeUndefined();
  expect(controllerOf({ metadata: {} })).toBeUndefined();
});

test('an owner is the same in every version of its API, and another in another group or by another name', () => {
  expect(isSameOwner(reference, { ...reference, apiVersion: 'example.com/v1beta1' })).toBe(true);
  expect(isSameOwner(reference, { ...reference, apiVersion: 'example.org/v1' })).toBe(false);
  expect(isSameOwner(reference, { ...reference, apiVersion: 'v1' })).toBe(false);
  expect(isSameOwner(reference, { ...reference, name: 'x' })).toBe(false);
});
