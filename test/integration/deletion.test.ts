/** `target.deletionPolicy`: what becomes of the Secret when remote secrets, or the ExternalSecret, go away. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { externalSecretFinalizer } from '../../src/api/constants.ts';
import { externalSecrets } from '../../src/api/resources.ts';
import { eventually } from '../support/eventually.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const data = [
  { secretKey: 'a', remoteRef: { key: 'a' } },
  { secretKey: 'b', remoteRef: { key: 'b' } },
];
const all = [{ find: { name: { regexp: '^[ab]$' } } }];

describeWorld('under the deletion policy', (world) => {
  let space: Workspace;

  beforeEach(async () => {
    space = await Workspace.open(world());
    await space.applyStore({ a: '1', b: '2', other: 'x' });
    await space.start();
  });

  afterEach(() => space.close());

  async function apply(deletionPolicy: string, source: object, target: object = {}): Promise<void> {
    await space.applyExternalSecret('app', { ...source, target: { deletionPolicy, ...target } });
    await space.holds('app', { a: '1', b: '2' });
  }

  async function eventReasons(): Promise<readonly string[]> {
    return (await space.events('app')).map(({ reason }) => reason);
  }

  const finalizers = async (): Promise<unknown> => (await space.externalSecret('app')).metadata.finalizers;
  const remove = (): Promise<void> => world().kube.delete(externalSecrets, { namespace: space.namespace, name: 'app' });
  const isRemoved = (): Promise<void> =>
    eventually(() => expect(space.externalSecret('app')).rejects.toMatchObject({ status: 404 }));

  describe('Retain', () => {
    it('a missing remote secret is a failure, and the last good Secret stays', async () => {
      await apply('Retain', { data });
      await space.applyStore({ a: 'new', other: 'x' });
      expect(await space.failed('app')).toContain('spec.data[1] (key: b): the store has no secret b');
      expect(await space.data('app')).toEqual({ a: '1', b: '2' });
    });

    it('the failure ends as soon as the remote secret is back', async () => {
      await apply('Retain', { data });
      await space.applyStore({ a: 'new', other: 'x' });
      await space.failed('app');
      await space.applyStore({ a: 'new', b: 'back' });
      await space.holds('app', { a: 'new', b: 'back' });
    });

    it('a Secret of which nothing is left stays, and the condition says so', async () => {
      await apply('Retain', { dataFrom: all });
      await space.applyStore({ other: 'x' });
      await eventually(async () => {
        const { status } = await space.externalSecret('app');
        const message = 'secret retained due to DeletionPolicy=Retain';
        expect(status?.conditions).toMatchObject([{ status: 'True', reason: 'SecretSynced', message }]);
      });
      expect(await space.data('app')).toEqual({ a: '1', b: '2' });
    });

    it('no finalizer holds anything back', async () => {
      await apply('Retain', { data });
      expect(await finalizers()).toBeUndefined();
    });

    it("ESO's finalizer is taken off when the ExternalSecret goes", async () => {
      await apply('Retain', { data });
      const patch = { metadata: { finalizers: [externalSecretFinalizer] } };
      await world().kube.mergePatch(externalSecrets, { namespace: space.namespace, name: 'app' }, patch);
      await remove();
      await isRemoved();
      await space.isGone('app');
    });
  });

  describe('Delete', () => {
    it('the Secret goes when the last of its remote secrets is gone, and comes back with them', async () => {
      await apply('Delete', { data });
      await space.applyStore({ other: 'x' });
      await space.isGone('app');
      const { status } = await space.ready('app', 'SecretDeleted');
      expect(status?.conditions?.[0]?.message).toBe('secret deleted due to DeletionPolicy=Delete');
      await eventually(async () =>
        expect(await eventReasons()).toEqual(expect.arrayContaining(['Deleted', 'MissingProviderSecret'])),
      );
      await space.applyStore({ a: 'back', b: 'too' });
      await space.holds('app', { a: 'back', b: 'too' });
      await space.ready('app');
    });

    it('single missing remote secrets are left out', async () => {
      await apply('Delete', { data });
      await space.applyStore({ b: 'left' });
      await space.holds('app', { b: 'left' });
    });

    it('a finalizer makes sure that the Secret goes with the ExternalSecret', async () => {
      await apply('Delete', { data });
      expect(await finalizers()).toEqual([externalSecretFinalizer]);
      await space.stopOperator();
      await remove();
      expect((await space.externalSecret('app')).metadata.deletionTimestamp).toBeDefined();
      expect(await space.data('app')).toEqual({ a: '1', b: '2' });
      await space.start();
      await isRemoved();
      await space.isGone('app');
    });

    it('a Secret that is not owned is not deleted, which is a failure', async () => {
      await apply('Delete', { dataFrom: all }, { creationPolicy: 'Orphan' });
      await space.applyStore({ other: 'x' });
      expect(await space.failed('app')).toContain('deletionPolicy=Delete needs creationPolicy=Owner');
      expect(await space.data('app')).toEqual({ a: '1', b: '2' });
      await remove();
      await isRemoved();
      expect(await space.data('app')).toEqual({ a: '1', b: '2' });
    });
  });

  describe('Merge', () => {
    it('missing remote secrets take their keys with them, and an event says so', async () => {
      await apply('Merge', { data });
      await space.applyStore({ a: 'left' });
      await space.holds('app', { a: 'left' });
      await space.ready('app');
      await eventually(async () => expect(await eventReasons()).toContain('MissingProviderSecret'));
    });

    it('a Secret of which nothing is left is empty', async () => {
      await apply('Merge', { data });
      await space.applyStore({ other: 'x' });
      await space.holds('app', {});
      await space.ready('app');
    });

    it('keys of others stay', async () => {
      await space.applySecret('app', { foreign: 'x' });
      await space.applyExternalSecret('app', { data, target: { deletionPolicy: 'Merge', creationPolicy: 'Merge' } });
      await space.holds('app', { a: '1', b: '2', foreign: 'x' });
      await space.applyStore({ other: 'x' });
      await space.holds('app', { foreign: 'x' });
    });
  });

  it('Retain a property that is missing keeps the Secret as well', async () => {
    await space.applyStore({ json: { a: '1' } });
    const property = [{ secretKey: 'a', remoteRef: { key: 'json', property: 'a' } }];
    await space.applyExternalSecret('app', { data: property });
    await space.holds('app', { a: '1' });
    await space.applyStore({ json: { b: '2' } });
    expect(await space.failed('app')).toContain('the secret json has no property a');
    expect(await space.data('app')).toEqual({ a: '1' });
  });
});
