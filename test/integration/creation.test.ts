/** `target.creationPolicy`: who owns the Secret, and what else may stand in it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createdByLabel, dataHashAnnotation, managedLabel } from '../../src/api/constants.ts';
import { externalSecrets } from '../../src/api/resources.ts';
import { ownerHashOf } from '../../src/controllers/externalsecret/identity.ts';
import { secrets } from '../../src/kube/resources.ts';
import { hashOfData, sha3Hex } from '../../src/lib/gohash.ts';
import { eventually } from '../support/eventually.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const two = { dataFrom: [{ extract: { key: 'two' } }] };
const one = { data: [{ secretKey: 'a', remoteRef: { key: 'two', property: 'a' } }] };

describeWorld('a target under the policy', (world) => {
  let space: Workspace;

  beforeEach(async () => {
    space = await Workspace.open(world());
    await space.applyStore({ two: { a: '1', b: '2' } });
    await space.start();
  });

  afterEach(() => space.close());

  const apply = (creationPolicy: string, source: object = two, target: object = {}, name = 'app'): Promise<void> =>
    space.applyExternalSecret(name, { ...source, target: { creationPolicy, ...target } });

  async function deleteExternalSecret(name = 'app'): Promise<void> {
    await world().kube.delete(externalSecrets, { namespace: space.namespace, name });
    await eventually(() => expect(space.externalSecret(name)).rejects.toMatchObject({ status: 404 }));
  }

  describe('Owner', () => {
    it('is created with the marks of its owner', async () => {
      await apply('Owner');
      const externalSecret = await space.ready('app');
      const { metadata, type, immutable } = await space.secret('app');
      expect({ type, immutable }).toEqual({ type: 'Opaque', immutable: undefined });
      expect(metadata.labels).toEqual({ [managedLabel]: 'true', [createdByLabel]: ownerHashOf(externalSecret) });
      const data = new Map([
        ['a', Buffer.from('1')],
        ['b', Buffer.from('2')],
      ]);
      expect(metadata.annotations).toEqual({ [dataHashAnnotation]: hashOfData(data) });
      expect(metadata.ownerReferences).toEqual([
        {
          apiVersion: 'external-secrets.io/v1',
          kind: 'ExternalSecret',
          name: 'app',
          uid: externalSecret.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ]);
      expect(metadata.managedFields).toMatchObject([
        { manager: 'externalsecrets.external-secrets.io/app', operation: 'Update' },
      ]);
    });

    it('carries the labels and annotations of its ExternalSecret when there is no template', async () => {
      await space.applyExternalSecret('app', two, { labels: { team: 'core' }, annotations: { note: 'kept' } });
      await space.ready('app');
      const { labels, annotations } = (await space.secret('app')).metadata;
      expect(labels).toMatchObject({ team: 'core' });
      expect(annotations).toMatchObject({ note: 'kept' });
    });

    it('that stood there without an owner is taken over, keys and all', async () => {
      await space.applySecret('app', { a: 'old', foreign: 'x' });
      await apply('Owner');
      await space.holds('app', { a: '1', b: '2' });
      expect((await space.secret('app')).metadata.ownerReferences).toMatchObject([{ name: 'app', controller: true }]);
    });

    it('loses keys that are no longer wanted', async () => {
      await apply('Owner');
      await space.holds('app', { a: '1', b: '2' });
      await apply('Owner', { ...one, dataFrom: [] });
      await space.holds('app', { a: '1' });
    });

    it('goes when its ExternalSecret goes', async () => {
      await apply('Owner');
      await space.ready('app');
      await deleteExternalSecret();
      await space.isGone('app');
    });

    it('moves to its new name, and the old one goes with an event', async () => {
      await apply('Owner', two, { name: 'before' });
      await space.holds('before', { a: '1', b: '2' });
      await apply('Owner', two, { name: 'after' });
      await space.holds('after', { a: '1', b: '2' });
      await space.isGone('before');
      expect((await space.ready('app')).status?.binding).toEqual({ name: 'after' });
      await eventually(async () =>
        expect((await space.events('app')).map(({ message }) => message)).toContain(
          'secret before deleted because it was orphaned',
        ),
      );
    });

    it('has a hashed field manager when the name is long, and still loses labels that are not wanted any more', async () => {
      const name = 'a-name-of-more-than-27-characters';
      const template = (labels: object): object => ({ template: { metadata: { labels } } });
      await apply('Owner', two, template({ first: 'yes', second: 'yes' }), name);
      await space.ready(name);
      const manager = `externalsecrets.external-secrets.io/sha3/${sha3Hex(name)}`;
      expect((await space.secret(name)).metadata.managedFields).toMatchObject([{ manager }]);
      await apply('Owner', two, template({ second: 'yes' }), name);
      await eventually(async () => expect((await space.secret(name)).metadata.labels).not.toHaveProperty('first'));
      expect((await space.secret(name)).metadata.labels).toMatchObject({ second: 'yes' });
    });
  });

  describe('Orphan', () => {
    it('has no owner, holds only our keys, and stays', async () => {
      await space.applySecret('app', { foreign: 'x' });
      await apply('Orphan');
      await space.holds('app', { a: '1', b: '2' });
      const { ownerReferences, labels } = (await space.secret('app')).metadata;
      expect(ownerReferences).toBeUndefined();
      expect(labels).toEqual({ [managedLabel]: 'true' });
      await deleteExternalSecret();
      expect(await space.data('app')).toEqual({ a: '1', b: '2' });
    });

    it('is given up by who owned it before', async () => {
      await apply('Owner');
      await space.ready('app');
      await apply('Orphan');
      await eventually(async () => {
        const { ownerReferences = [], labels } = (await space.secret('app')).metadata;
        expect(ownerReferences).toEqual([]);
        expect(labels).not.toHaveProperty(createdByLabel);
      });
      await deleteExternalSecret();
      expect(await space.data('app')).toEqual({ a: '1', b: '2' });
    });
  });

  describe('Merge', () => {
    it('is not created, and the condition says so', async () => {
      await apply('Merge');
      const { status } = await space.ready('app', 'SecretMissing');
      expect(status?.conditions?.[0]?.message).toBe('secret will not be created due to CreationPolicy=Merge');
      await expect(space.secret('app')).rejects.toMatchObject({ status: 404 });
    });

    it('is filled in as soon as somebody creates it', async () => {
      await apply('Merge');
      await space.ready('app', 'SecretMissing');
      await space.applySecret('app', { foreign: 'x' });
      await space.holds('app', { a: '1', b: '2', foreign: 'x' });
      await space.ready('app');
    });

    it('is missed when somebody deletes it, and filled in when it is there again', async () => {
      await space.applySecret('app', { foreign: 'x' });
      await apply('Merge');
      await space.holds('app', { a: '1', b: '2', foreign: 'x' });
      await world().kube.delete(secrets, { namespace: space.namespace, name: 'app' });
      await space.ready('app', 'SecretMissing');
      await space.applySecret('app', { foreign: 'y' });
      await space.holds('app', { a: '1', b: '2', foreign: 'y' });
    });

    it('keeps the keys of others, and loses ours when they are no longer wanted', async () => {
      await space.applySecret('app', { foreign: 'x', a: 'before' });
      await apply('Merge');
      await space.holds('app', { a: '1', b: '2', foreign: 'x' });
      await apply('Merge', { ...one, dataFrom: [] });
      await space.holds('app', { a: '1', foreign: 'x' });
    });

    it('has no owner, and keeps our keys when the ExternalSecret goes', async () => {
      await space.applySecret('app', { foreign: 'x' });
      await apply('Merge');
      await space.holds('app', { a: '1', b: '2', foreign: 'x' });
      expect((await space.secret('app')).metadata.ownerReferences).toBeUndefined();
      await deleteExternalSecret();
      expect(await space.data('app')).toEqual({ a: '1', b: '2', foreign: 'x' });
    });

    it('is shared by several ExternalSecrets, each with its own keys', async () => {
      await space.applySecret('shared', { foreign: 'x' });
      const entry = (key: string): object => ({ data: [{ secretKey: key, remoteRef: { key: 'two', property: key } }] });
      await apply('Merge', entry('a'), { name: 'shared' }, 'first');
      await apply('Merge', entry('b'), { name: 'shared' }, 'second');
      await space.holds('shared', { a: '1', b: '2', foreign: 'x' });
      await space.ready('first');
      await space.ready('second');
    });
  });

  describe('CreateOrMerge', () => {
    it('is created when it is missing, without an owner', async () => {
      await apply('CreateOrMerge');
      await space.holds('app', { a: '1', b: '2' });
      expect((await space.secret('app')).metadata.ownerReferences).toBeUndefined();
    });

    it('keeps the keys of others', async () => {
      await space.applySecret('app', { foreign: 'x' });
      await apply('CreateOrMerge');
      await space.holds('app', { a: '1', b: '2', foreign: 'x' });
    });
  });

  describe('None', () => {
    it('is not written at all, and nothing is read over and over for it', async () => {
      await apply('None');
      const { status } = await space.ready('app');
      expect(status?.binding).toBeUndefined();
      await expect(space.secret('app')).rejects.toMatchObject({ status: 404 });
      const before = await space.syncs();
      await space.applySecret('app', { foreign: 'x' });
      await world().kube.mergePatch(
        secrets,
        { namespace: space.namespace, name: 'app' },
        { metadata: { labels: { a: 'b' } } },
      );
      await space.refresh('app');
      expect(await space.syncs()).toBe(before + 1);
      expect(await space.data('app')).toEqual({ foreign: 'x' });
    });
  });
});
