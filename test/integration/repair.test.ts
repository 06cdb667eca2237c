/** Secrets that somebody edits or deletes by hand are as they should be a moment later. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dataHashAnnotation, managedLabel } from '../../src/api/constants.ts';
import { secrets } from '../../src/kube/resources.ts';
import { eventually } from '../support/eventually.ts';
import { quietFor } from '../support/quiet.ts';
import { encoded, Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const data = [
  { secretKey: 'a', remoteRef: { key: 'a' } },
  { secretKey: 'b', remoteRef: { key: 'b' } },
];
const wanted = { a: '1', b: '2' };

describeWorld('a Secret', (world) => {
  let space: Workspace;

  beforeEach(async () => {
    space = await Workspace.open(world());
    await space.applyStore(wanted);
    await space.start();
    await space.applyExternalSecret('app', { data });
    await space.holds('app', wanted);
    await space.ready('app');
  });

  afterEach(() => space.close());

  const target = (): { readonly namespace: string; readonly name: string } => ({
    namespace: space.namespace,
    name: 'app',
  });
  const edit = (patch: object): Promise<unknown> =>
    world().kube.mergePatch(secrets, target(), patch, { fieldManager: 'somebody' });

  it('that was deleted is created again', async () => {
    const { metadata } = await space.secret('app');
    await world().kube.delete(secrets, target());
    await space.holds('app', wanted);
    expect((await space.secret('app')).metadata.uid).not.toBe(metadata.uid);
  });

  it.each([
    ['changed', { data: encoded({ a: 'changed' }) }],
    ['added', { data: encoded({ c: 'added' }) }],
    ['removed', { data: { b: null } }],
  ])('of which a key was %s is put right', async (_, patch) => {
    await edit(patch);
    await space.holds('app', wanted);
  });

  it.each([
    ['label', { labels: { [managedLabel]: null } }],
    ['hash', { annotations: { [dataHashAnnotation]: 'wrong' } }],
  ])('whose %s was damaged is put right', async (_, metadata) => {
    const before = (await space.secret('app')).metadata;
    await edit({ metadata });
    await eventually(async () => {
      const { labels, annotations } = (await space.secret('app')).metadata;
      expect({ labels, annotations }).toEqual({ labels: before.labels, annotations: before.annotations });
    });
  });

  it('that somebody writes to all the time is repaired each time, and nothing else is', async () => {
    for (const value of ['x', 'y', 'z']) {
      await edit({ data: encoded({ a: value }) });
      await space.holds('app', wanted);
    }
    const before = await space.syncs();
    await quietFor(1_000);
    expect(await space.syncs()).toBe(before);
  });

  it('may carry labels and annotations of others', async () => {
    await edit({ metadata: { labels: { team: 'core' }, annotations: { note: 'mine' } } });
    await space.refresh('app');
    const { labels, annotations } = (await space.secret('app')).metadata;
    expect(labels).toMatchObject({ team: 'core' });
    expect(annotations).toMatchObject({ note: 'mine' });
  });

  it('is repaired when the operator starts, if it was damaged before', async () => {
    await space.stopOperator();
    await edit({ data: encoded({ a: 'changed' }) });
    await space.start();
    await space.holds('app', wanted);
  });

  it('is repaired while its ExternalSecret cannot be refreshed, as soon as that is possible again', async () => {
    await space.applyStore(wanted, { fake: { validationResult: 2 } });
    await space.storeIs('InvalidProviderConfig');
    await edit({ data: encoded({ a: 'changed' }) });
    await space.failed('app', /is not ready/);
    await space.applyStore(wanted, { fake: { validationResult: 0 } });
    await space.holds('app', wanted);
    await space.ready('app');
  });

  it('of an Orphan is left alone until the next refresh', async () => {
    await space.applyExternalSecret('free', { data, target: { creationPolicy: 'Orphan' } });
    await space.holds('free', wanted);
    await space.ready('free');
    const name = { namespace: space.namespace, name: 'free' };
    await world().kube.mergePatch(secrets, name, { data: encoded({ a: 'mine' }) });
    await quietFor(500);
    expect(await space.data('free')).toEqual({ ...wanted, a: 'mine' });
    await space.refresh('free');
    expect(await space.data('free')).toEqual(wanted);
  });

  it('that is shared keeps what others changed in their keys', async () => {
    await space.applySecret('shared', { foreign: 'x' });
    await space.applyExternalSecret('merging', { data, target: { name: 'shared', creationPolicy: 'Merge' } });
    await space.holds('shared', { ...wanted, foreign: 'x' });
    const name = { namespace: space.namespace, name: 'shared' };
    await world().kube.mergePatch(secrets, name, { data: encoded({ foreign: 'y', a: 'changed' }) });
    await space.holds('shared', { ...wanted, foreign: 'y' });
  });
});
