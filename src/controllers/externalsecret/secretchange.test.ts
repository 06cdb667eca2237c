import { describe, expect, it } from 'vitest';
import { createdByLabel, dataHashAnnotation, managedLabel } from '../../api/constants.ts';
import type { OwnerReference } from '../../api/object.ts';
import type { CreationPolicy } from '../../api/target.ts';
import type { Secret } from '../../kube/resources.ts';
import { hashOfData } from '../../lib/gohash.ts';
import { TerminalError } from '../../runtime/errors.ts';
import { type DesiredSecret, desireSecret } from './desiredsecret.ts';
import { decodeData, observeSecret } from './observedsecret.ts';
import type { RenderedSecret } from './render.ts';
import { planChange, type SecretChange } from './secretchange.ts';
import { externalSecretWith, valuesOf } from './testing/objects.ts';

function desired(policy: CreationPolicy, parts: Partial<RenderedSecret> = {}, target: object = {}): DesiredSecret {
  const rendered = { type: undefined, data: valuesOf({ a: '1' }), labels: {}, annotations: {}, finalizers: [] };
  return desireSecret(externalSecretWith({ target: { creationPolicy: policy, ...target } }), { ...rendered, ...parts });
}

/** The Secret as the cluster holds it after `change` was written by the operator. */
function written(wanted: DesiredSecret): Secret {
  const change = planChange(wanted, undefined);
  if (change.kind !== 'create') throw new Error(`not created but ${change.kind}`);
  const fields = (names: Iterable<string>) => Object.fromEntries(Array.from(names, (name) => [`f:${name}`, {}]));
  const { labels = {}, annotations = {} } = change.secret.metadata;
  const metadata = { 'f:labels': fields(Object.keys(labels)), 'f:annotations': fields(Object.keys(annotations)) };
  const fieldsV1 = { 'f:data': fields(wanted.data.keys()), 'f:metadata': metadata };
  const managedFields = [{ manager: wanted.fieldManager, operation: 'Update' as const, fieldsV1 }];
  return { ...change.secret, metadata: { ...change.secret.metadata, uid: 'u', resourceVersion: '7', managedFields } };
}

function patchOf(change: SecretChange) {
  if (change.kind !== 'patch') throw new Error(`not a patch but ${change.kind}`);
  return change.patch;
}

const foreign: OwnerReference = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd', uid: 'd', controller: true };

describe('a target that does not exist', () => {
  it('is created whole, with the marks that ESO knows', () => {
    const secret = written(desired('Owner'));
    expect(secret.metadata.labels).toEqual({
      [managedLabel]: 'true',
      [createdByLabel]: expect.stringMatching(/^[0-9a-f]{56}$/),
    });
    expect(secret.metadata.annotations).toEqual({ [dataHashAnnotation]: hashOfData(valuesOf({ a: '1' })) });
    expect(secret.metadata.ownerReferences).toEqual([expect.objectContaining({ uid: 'uid-of-app', controller: true })]);
    expect(secret.data).toEqual({ a: 'MQ==' });
  });

  it.each(['Orphan', 'CreateOrMerge'] as const)('has no owner under %s', (policy) => {
    const { metadata } = written(desired(policy));
    expect(metadata.ownerReferences).toBeUndefined();
    expect(metadata.labels).toEqual({ [managedLabel]: 'true' });
  });

  it('is waited for under Merge', () => {
    expect(planChange(desired('Merge'), undefined)).toEqual({ kind: 'missing' });
  });
});

describe('a target that is as it should be', () => {
  it.each(['Owner', 'Orphan', 'CreateOrMerge'] as const)('is left alone under %s', (policy) => {
    const wanted = desired(policy, { labels: { l: '1' }, annotations: { a: '2' } });
    expect(planChange(wanted, observeSecret(written(wanted)))).toEqual({ kind: 'none' });
  });
});

describe('a target that differs', () => {
  it('is patched for the version that was seen, with only what changed', () => {
    const patch = patchOf(
      planChange(desired('Owner', { data: valuesOf({ a: '2' }) }), observeSecret(written(desired('Owner')))),
    );
    expect(patch.metadata.resourceVersion).toBe('7');
    expect(patch.data).toEqual({ a: 'Mg==' });
    expect(patch.metadata.annotations[dataHashAnnotation]).toBe(hashOfData(valuesOf({ a: '2' })));
  });

  it('loses foreign keys when it is owned', () => {
    const before = written(desired('Owner'));
    const edited = { ...before, data: { ...before.data, foreign: 'eA==' } };
    expect(patchOf(planChange(desired('Owner'), observeSecret(edited))).data).toEqual({ a: 'MQ==', foreign: null });
  });

  it('keeps foreign keys when it is shared, and loses ours that are gone', () => {
    const before = written(desired('CreateOrMerge', { data: valuesOf({ a: '1', old: '1' }) }));
    const shared = { ...before, data: { ...before.data, foreign: 'eA==' } };
    const wanted = desired('CreateOrMerge', { data: valuesOf({ a: '2' }) });
    expect(planChange(wanted, observeSecret(shared))).toEqual({ kind: 'readFirst' });
    const patch = patchOf(planChange(wanted, observeSecret(shared), decodeData(shared.data)));
    expect(patch.data).toEqual({ a: 'Mg==', old: null });
    expect(patch.metadata.annotations[dataHashAnnotation]).toBe(hashOfData(valuesOf({ a: '2', foreign: 'x' })));
  });

  it('loses labels and annotations of ours that are no longer wanted, and keeps those of others', () => {
    const before = written(desired('Owner', { labels: { ours: '1' }, annotations: { ours: '1' } }));
    const labels = { ...before.metadata.labels, theirs: '1' };
    const patch = patchOf(
      planChange(desired('Owner'), observeSecret({ ...before, metadata: { ...before.metadata, labels } })),
    );
    expect(patch.metadata.labels).toMatchObject({ ours: null });
    expect(patch.metadata.labels).not.toHaveProperty('theirs');
    expect(patch.metadata.annotations).toMatchObject({ ours: null });
  });

  it('is adopted in silence when nobody owns it', () => {
    const orphan: Secret = {
      metadata: { name: 'app', namespace: 'production', uid: 'u', resourceVersion: '7' },
      data: {},
    };
    const patch = patchOf(planChange(desired('Owner'), observeSecret(orphan)));
    expect(patch.metadata.ownerReferences).toEqual([expect.objectContaining({ uid: 'uid-of-app' })]);
    expect(patch.metadata.labels).toMatchObject({ [managedLabel]: 'true' });
  });

  it('loses its owner when the policy changes to Orphan', () => {
    const patch = patchOf(planChange(desired('Orphan'), observeSecret(written(desired('Owner')))));
    expect(patch.metadata.ownerReferences).toEqual([]);
    expect(patch.metadata.labels).toMatchObject({ [createdByLabel]: null });
  });

  it('gets its finalizers beside those it has', () => {
    const before = written(desired('Owner'));
    const observed = observeSecret({ ...before, metadata: { ...before.metadata, finalizers: ['theirs'] } });
    const patch = patchOf(planChange(desired('Owner', { finalizers: ['ours'] }), observed));
    expect(patch.metadata.finalizers).toEqual(['theirs', 'ours']);
  });
});

describe('an immutable target', () => {
  it('is made immutable when that is wanted', () => {
    const wanted = desired('Owner', {}, { immutable: true });
    expect(patchOf(planChange(wanted, observeSecret(written(desired('Owner'))))).immutable).toBe(true);
  });

  it('keeps its data and its hash, while its metadata follows', () => {
    const frozen = { ...written(desired('Owner')), immutable: true };
    const change = planChange(
      desired('Owner', { data: valuesOf({ a: '2' }), labels: { l: '1' } }),
      observeSecret(frozen),
    );
    expect(change).toMatchObject({ kind: 'patch', blockedByImmutability: true });
    const patch = patchOf(change);
    expect(patch.data).toBeUndefined();
    expect(patch.metadata.labels).toMatchObject({ l: '1' });
    expect(patch.metadata.annotations[dataHashAnnotation]).toBe(hashOfData(valuesOf({ a: '1' })));
  });
});

describe('a target of somebody else', () => {
  it.each([
    [
      'another ExternalSecret',
      { ...foreign, kind: 'ExternalSecret', name: 'other' },
      'owned by another ExternalSecret',
    ],
    ['another controller', foreign, 'controlled by Deployment "d"'],
  ])('is not touched: %s', (_, controller, message) => {
    const secret: Secret = {
      metadata: { name: 'app', namespace: 'production', ownerReferences: [controller] },
      data: {},
    };
    const plan = () => planChange(desired('Owner'), observeSecret(secret));
    expect(plan).toThrow(TerminalError);
    expect(plan).toThrow(message);
  });

  it('is ours when it belongs to an ExternalSecret that had our name before', () => {
    const wanted = desired('Owner');
    const before = { ...wanted.self, apiVersion: 'external-secrets.io/v1beta1', uid: 'uid-of-the-one-before' };
    const other = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' };
    const secret = written(wanted);
    const left: Secret = { ...secret, metadata: { ...secret.metadata, ownerReferences: [other, before] } };
    const patch = patchOf(planChange(wanted, observeSecret(left)));
    expect(patch.metadata.ownerReferences).toEqual([other, wanted.self]);
    expect(patch.data).toBeUndefined();
    expect(patchOf(planChange(desired('Orphan'), observeSecret(left))).metadata.ownerReferences).toEqual([other]);
  });

  it('may be merged into when its controller is no ExternalSecret', () => {
    const secret: Secret = { metadata: { name: 'app', namespace: 'production', ownerReferences: [foreign] }, data: {} };
    expect(planChange(desired('Merge'), observeSecret(secret), new Map()).kind).toBe('patch');
  });

  it('keeps its type: the message says what to do', () => {
    const secret: Secret = { metadata: { name: 'app', namespace: 'production' }, type: 'Opaque', data: {} };
    expect(() => planChange(desired('Owner', { type: 'kubernetes.io/tls' }), observeSecret(secret))).toThrow(
      'delete the Secret to have it created anew',
    );
  });
});
