import { describe, expect, it } from 'vitest';
import { createdByLabel, dataHashAnnotation, managedLabel } from '../../../api/constants.ts';
import type { KubeObject, ObjectMeta, OwnerReference } from '../../../api/object.ts';
import type { CreationPolicy } from '../../../api/target.ts';
import { TerminalError, WaitError } from '../../../runtime/errors.ts';
import { isAsDesired, planResourceChange } from './change.ts';
import { hashOfTree } from './contenthash.ts';
import type { DesiredResource } from './desired.ts';
import { observeResource } from './observed.ts';
import { treeMapOf, treeOf } from './tree.ts';

const fieldManager = 'externalsecrets.external-secrets.io/app';
const owner: OwnerReference = {
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  name: 'app',
  uid: 'self',
  controller: true,
  blockOwnerDeletion: true,
};

function desired(
  content: object,
  creationPolicy: CreationPolicy = 'Owner',
  rest: Partial<DesiredResource> = {},
): DesiredResource {
  const isOwner = creationPolicy === 'Owner';
  return {
    resource: { group: 'example.com', version: 'v1', plural: 'apps', kind: 'App', namespaced: true },
    name: { namespace: 'ns', name: 'app' },
    creationPolicy,
    owner: isOwner ? owner : undefined,
    self: owner,
    fieldManager,
    content: treeMapOf(content),
    labels: new Map([[managedLabel, 'true'], ...(isOwner ? [[createdByLabel, 'hash'] as const] : [])]),
    annotations: new Map(),
    finalizers: [],
    ...rest,
  };
}

const fieldsOf = (json: unknown): Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? Object.fromEntries(Object.entries(json).map(([key, value]) => [`f:${key}`, fieldsOf(value)]))
    : {};

/** The object as it is after what we wanted was applied, and then whatever `more` says. */
function live(applied: DesiredResource, now: object, metadata: Partial<ObjectMeta> = {}): KubeObject {
  const { content, labels, annotations, owner: reference } = applied;
  const marks = {
    ...Object.fromEntries(annotations),
    [dataHashAnnotation]: hashOfTree(treeOf(Reflect.get(now, 'spec'))),
  };
  const own = Object.fromEntries(Array.from(content, ([key, value]) => [key, jsonFields(value)]));
  const fieldsV1 = {
    ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`f:${key}`, value])),
    'f:metadata': { 'f:labels': fieldsOf(Object.fromEntries(labels)), 'f:annotations': fieldsOf(marks) },
  };
  return {
    ...now,
    metadata: {
      name: 'app',
      namespace: 'ns',
      uid: 'target',
      resourceVersion: '7',
      labels: Object.fromEntries(labels),
      annotations: marks,
      ...(reference !== undefined && { ownerReferences: [reference] }),
      managedFields: [{ manager: fieldManager, operation: 'Apply', fieldsV1 }],
      ...metadata,
    },
  };
}

function jsonFields(tree: unknown): unknown {
  return tree instanceof Map
    ? Object.fromEntries(Array.from(tree, ([key, value]) => [`f:${key}`, jsonFields(value)]))
    : {};
}

function hashIn(configuration: KubeObject): string | undefined {
  return configuration.metadata.annotations?.[dataHashAnnotation];
}

describe('a target that is missing', () => {
  it.each(['Owner', 'Orphan', 'CreateOrMerge'] as const)(
    'is created under %s, with the hash of what it holds',
    (policy) => {
      const change = planResourceChange(desired({ spec: { a: 1 } }, policy), undefined);
      expect(change).toMatchObject({ kind: 'create', configuration: { kind: 'App', spec: { a: 1 } } });
      expect(change.kind === 'create' && hashIn(change.configuration)).toBe(hashOfTree(treeOf({ a: 1 })));
    },
  );

  it('is not created under Merge', () => {
    expect(planResourceChange(desired({ spec: {} }, 'Merge'), undefined)).toEqual({ kind: 'missing' });
  });
});

describe('a target that is as it should be', () => {
  const wanted = desired({ spec: { a: 1, list: [{ x: 1 }] } });

  it.each([
    ['exactly', { spec: { a: 1, list: [{ x: 1 }] } }],
    ['with defaults', { spec: { a: 1, list: [{ x: 1, y: 2 }], b: 2 } }],
    ['with fields of others', { spec: { a: 1, list: [{ x: 1 }], other: {} }, more: 1 }],
  ])('%s is left alone', (_, now) => {
    expect(planResourceChange(wanted, live(wanted, now))).toEqual({ kind: 'none' });
  });

  it('is known by its digest, without being read', () => {
    expect(isAsDesired(wanted, observeResource(live(wanted, { spec: { a: 1, list: [{ x: 1 }] } })))).toBe(true);
  });
});

describe('a target that is not as it should be', () => {
  const wanted = desired({ spec: { a: 1 }, data: { k: 'v' } });
  const good = { spec: { a: 1 }, data: { k: 'v' } };

  it.each([
    ['another value', live(wanted, { ...good, spec: { a: 2 } })],
    ['a missing field', live(wanted, { spec: { a: 1 } })],
    [
      'a field of ours that is no longer wanted',
      live(desired({ ...good, spec: { a: 1, b: 2 } }), { ...good, spec: { a: 1, b: 2 } }),
    ],
    ['a field that we do not own', live(desired({ spec: { a: 1 } }), good)],
    ['no label', live(wanted, good, { labels: {} })],
    [
      'a label of ours that is no longer wanted',
      live({ ...wanted, labels: new Map([...wanted.labels, ['x', 'y']]) }, good),
    ],
    ['a hash that is not true', live(wanted, good, { annotations: { [dataHashAnnotation]: 'wrong' } })],
    ['no owner', live(wanted, good, { ownerReferences: [] })],
  ])('because of %s is applied, and its digest shows it', (_, object) => {
    expect(planResourceChange(wanted, object)).toMatchObject({ kind: 'apply', clearing: undefined });
    expect(isAsDesired(wanted, observeResource(object))).toBe(false);
  });

  it('lacks a finalizer', () => {
    const strict = { ...wanted, finalizers: ['example.com/x'] };
    expect(planResourceChange(strict, live(strict, good))).toMatchObject({ kind: 'apply' });
    expect(planResourceChange(strict, live(strict, good, { finalizers: ['example.com/x'] }))).toEqual({ kind: 'none' });
  });

  it('gets the hash of what it will hold, defaults and fields of others with it', () => {
    const change = planResourceChange(
      desired({ spec: { a: 2, c: { d: 1 } } }),
      live(desired({ spec: { a: 1, b: 2, c: { e: 1 } } }), { spec: { a: 1, b: 2, c: { e: 1, f: 2 }, other: 3 } }),
    );
    expect(change.kind === 'apply' && hashIn(change.configuration)).toBe(
      hashOfTree(treeOf({ a: 2, c: { d: 1, f: 2 }, other: 3 })),
    );
  });
});

describe('what others wrote', () => {
  const wanted = desired({ data: { k: 'v' }, spec: { data: { k: 'v' } } });
  const now = { data: { k: 'v', x: 'y' }, spec: { data: { k: 'v', x: 'y' }, mode: 'open' } };

  it.each(['Owner', 'Orphan'] as const)('into the data goes under %s, elsewhere it stays', (policy) => {
    expect(planResourceChange({ ...wanted, creationPolicy: policy }, live(wanted, now))).toMatchObject({
      kind: 'apply',
      clearing: { data: { x: null }, spec: { data: { x: null } }, metadata: { resourceVersion: '7' } },
    });
  });

  it.each(['Merge', 'CreateOrMerge'] as const)('stays under %s', (policy) => {
    const shared = desired({ data: { k: 'v' }, spec: { data: { k: 'v' } } }, policy);
    expect(planResourceChange(shared, live(shared, now))).toEqual({ kind: 'none' });
  });

  it('is not what we wrote ourselves: that goes by the apply', () => {
    const before = desired({ data: { k: 'v', x: 'y' } });
    expect(planResourceChange(desired({ data: { k: 'v' } }), live(before, { data: { k: 'v', x: 'y' } }))).toMatchObject(
      {
        clearing: undefined,
      },
    );
  });
});

describe('the owner', () => {
  const foreign: OwnerReference = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'web',
    uid: 'web',
    controller: true,
  };
  const wanted = desired({ spec: {} });

  it('is let go of when the policy is another, and the other owners stay', () => {
    const other = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' };
    const object = live(wanted, { spec: {} }, { ownerReferences: [other, owner] });
    expect(planResourceChange(desired({ spec: {} }, 'Orphan'), object)).toMatchObject({
      clearing: { metadata: { ownerReferences: [other] } },
    });
  });

  it('is not taken from another controller, but one may merge into what that controls', () => {
    const object = live(wanted, { spec: {} }, { ownerReferences: [foreign] });
    expect(() => planResourceChange(wanted, object)).toThrow(
      'failed to take ownership of target resource: App "app" is controlled by Deployment "web"',
    );
    expect(planResourceChange(desired({ spec: {} }, 'Merge'), object).kind).toBe('apply');
  });

  it('that is another ExternalSecret keeps everybody else away', () => {
    const object = live(wanted, { spec: {} }, { ownerReferences: [{ ...owner, name: 'another', uid: 'another' }] });
    expect(() => planResourceChange(desired({ spec: {} }, 'Merge'), object)).toThrow(TerminalError);
  });

  it('waits while the target is being deleted', () => {
    const object = live(wanted, { spec: {} }, { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(() => planResourceChange(wanted, object)).toThrow(WaitError);
  });
});
