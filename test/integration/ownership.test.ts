/** Targets that belong to somebody else, that must not change, or that cannot be written. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { externalSecrets } from '../../src/api/resources.ts';
import { secrets } from '../../src/kube/resources.ts';
import { eventually } from '../support/eventually.ts';
import { quietFor } from '../support/quiet.ts';
import { garbageTimeoutMs, Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const data = [{ secretKey: 'a', remoteRef: { key: 'a' } }];
const other = [{ secretKey: 'a', remoteRef: { key: 'other' } }];

describeWorld('a target', (world) => {
  let space: Workspace;

  beforeEach(async () => {
    space = await Workspace.open(world());
    await space.applyStore({ a: '1', other: '2' });
    await space.start();
  });

  afterEach(() => space.close());

  const deleteSecret = (name: string): Promise<void> =>
    world().kube.delete(secrets, { namespace: space.namespace, name });

  describe('owned by another ExternalSecret', () => {
    beforeEach(async () => {
      await space.applyExternalSecret('first', { data, target: { name: 'shared' } });
      await space.holds('shared', { a: '1' });
    });

    it.each(['Owner', 'Orphan', 'Merge', 'CreateOrMerge'])(
      'is not touched under the policy %s',
      async (creationPolicy) => {
        await space.applyExternalSecret('second', { data: other, target: { name: 'shared', creationPolicy } });
        const message = await space.failed('second');
        expect(message).toContain(
          'target is owned by another ExternalSecret: Secret "shared" is controlled by "first"',
        );
        expect(await space.data('shared')).toEqual({ a: '1' });
        await eventually(async () =>
          expect(await space.events('second')).toMatchObject([{ type: 'Warning', reason: 'UpdateFailed', message }]),
        );
      },
    );

    it('is not fought over: who came second waits', async () => {
      await space.applyExternalSecret('second', { data: other, target: { name: 'shared' } });
      await space.failed('second');
      const before = await space.syncs();
      await quietFor(1_000);
      expect(await space.syncs()).toBe(before);
    });

    it('is taken as soon as its owner has gone', async () => {
      await space.applyExternalSecret('second', { data: other, target: { name: 'shared' } });
      await space.failed('second');
      await world().kube.delete(externalSecrets, { namespace: space.namespace, name: 'first' });
      await space.holds('shared', { a: '2' }, garbageTimeoutMs);
      await space.ready('second');
    });

    it('is taken as soon as its owner writes elsewhere', async () => {
      await space.applyExternalSecret('second', { data: other, target: { name: 'shared' } });
      await space.failed('second');
      await space.applyExternalSecret('first', { data, target: { name: 'moved' } });
      await space.holds('moved', { a: '1' });
      await space.holds('shared', { a: '2' });
    });
  });

  describe('controlled by something else', () => {
    it('is not taken over, but may be merged into', async () => {
      const { uid = '' } = (
        await world()
          .kube.get(secrets, { namespace: space.namespace, name: 'owner' })
          .catch(() => create())
      ).metadata;
      const owner = { apiVersion: 'v1', kind: 'Secret', name: 'owner', uid, controller: true };
      await space.applySecret('app', { foreign: 'x' }, { metadata: { ownerReferences: [owner] } });
      await space.applyExternalSecret('owning', { data, target: { name: 'app' } });
      expect(await space.failed('owning')).toContain(
        'failed to take ownership of target secret: "app" is controlled by Secret "owner"',
      );
      expect(await space.data('app')).toEqual({ foreign: 'x' });
      await space.applyExternalSecret('merging', { data, target: { name: 'app', creationPolicy: 'Merge' } });
      await space.holds('app', { foreign: 'x', a: '1' });
    });

    async function create(): Promise<{ readonly metadata: { readonly uid?: string } }> {
      await space.applySecret('owner', {});
      return space.secret('owner');
    }
  });

  describe('that is immutable', () => {
    beforeEach(async () => {
      await space.applyExternalSecret('app', { data, target: { immutable: true } });
      await space.ready('app');
    });

    it('says so to the API server', async () => {
      expect(await space.secret('app')).toMatchObject({ immutable: true });
    });

    it('keeps its data when other data is wanted, which is a failure that says what to do', async () => {
      await space.applyExternalSecret('app', { data: other, target: { immutable: true } });
      const message = await space.failed('app');
      expect(message).toContain('could not update secret, target is immutable');
      expect(message).toContain('delete Secret "app"');
      expect(await space.data('app')).toEqual({ a: '1' });
    });

    it('is created with the new data once it has been deleted', async () => {
      await space.applyExternalSecret('app', { data: other, target: { immutable: true } });
      await space.failed('app');
      await deleteSecret('app');
      await space.holds('app', { a: '2' });
      await space.ready('app');
    });

    it('follows labels all the same', async () => {
      await space.applyExternalSecret('app', { data, target: { immutable: true } }, { labels: { team: 'core' } });
      await eventually(async () => expect((await space.secret('app')).metadata.labels).toMatchObject({ team: 'core' }));
      await space.ready('app');
    });

    it('is refreshed without a failure while nothing changes', async () => {
      const { metadata } = await space.secret('app');
      await space.annotate('app');
      await space.ready('app');
      expect((await space.secret('app')).metadata.uid).toBe(metadata.uid);
    });
  });

  describe('whose type is another', () => {
    it('is left as it is, and is made anew once it has been deleted', async () => {
      await space.applyExternalSecret('app', { data });
      await space.ready('app');
      await space.applyExternalSecret('app', { data, target: { template: { type: 'example.com/token' } } });
      expect(await space.failed('app')).toMatch(/the type of Secret "app" is "Opaque" and cannot be changed/);
      expect(await space.secret('app')).toMatchObject({ type: 'Opaque' });
      await deleteSecret('app');
      await space.ready('app');
      expect(await space.secret('app')).toMatchObject({ type: 'example.com/token' });
    });

    it('keeps its type when the template names none', async () => {
      await space.applySecret('app', { foreign: 'x' }, { type: 'example.com/token' });
      await space.applyExternalSecret('app', { data });
      await space.holds('app', { a: '1' });
      expect(await space.secret('app')).toMatchObject({ type: 'example.com/token' });
    });
  });
});
