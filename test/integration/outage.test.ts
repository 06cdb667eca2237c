/** The API server dies under load, and two operators meet: whatever happens, the end is as it should be. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { externalSecrets } from '../../src/api/resources.ts';
import { secrets } from '../../src/kube/resources.ts';
import { ApiProxy } from '../support/apiproxy.ts';
import { eventually } from '../support/eventually.ts';
import { quietFor } from '../support/quiet.ts';
import { encoded, Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const data = [{ secretKey: 'a', remoteRef: { key: 'a' } }];
const names = Array.from({ length: 60 }, (_, index) => `app-${index}`);

describeWorld('with sixty ExternalSecrets', (world) => {
  let space: Workspace;

  beforeEach(async () => {
    space = await Workspace.open(world());
    await space.applyStore({ a: '1' });
  });

  afterEach(() => space.close());

  const applyAll = (some: readonly string[]): Promise<unknown> =>
    Promise.all(some.map((name) => space.applyExternalSecret(name, { data, refreshInterval: '2s' })));

  describe('an API server that is killed', () => {
    it('while they are synced for the first time delays them, and loses none', async (context) => {
      if (!world().canRestart) return context.skip('this cluster is not ours to restart');
      await space.start();
      await space.storeIs('Valid');
      await applyAll(names);
      await world().restart(() => quietFor(500));
      for (const name of names) await space.holds(name, { a: '1' });
      for (const name of names) await space.ready(name);
      expect(space.operator.readinessProblems()).toEqual([]);
    });

    it('while they are refreshed leaves nothing behind that it missed', async (context) => {
      if (!world().canRestart) return context.skip('this cluster is not ours to restart');
      await applyAll(names);
      await space.start();
      for (const name of names) await space.holds(name, { a: '1' });
      for (let round = 0; round < 2; round += 1) await world().restart();
      // The connections of the test itself broke as well.
      await eventually(() => space.applyStore({ a: '2' }));
      await eventually(() => space.applyExternalSecret('late', { data }));
      await eventually(() => world().kube.delete(secrets, { namespace: space.namespace, name: 'app-7' }));
      for (const name of [...names, 'late']) await space.holds(name, { a: '2' });
      const path = `/apis/external-secrets.io/v1/namespaces/${space.namespace}/externalsecrets/app-3`;
      await world().raw.send(path, { method: 'DELETE' });
      await space.isGone('app-3');
    });
  });

  describe('two operators at once', () => {
    it('come to the same end, and do not fight', async () => {
      const proxies = [await ApiProxy.start(world()), await ApiProxy.start(world())];
      const other = Workspace.of(world(), space.namespace);
      await Promise.all([space.start({}, proxies[0]), other.start({}, proxies[1])]);
      const spec = { data, target: { template: {} } };
      await Promise.all(names.map((name) => space.applyExternalSecret(name, spec)));
      for (const name of names) await space.holds(name, { a: '1' });
      await space.applyStore({ a: '2' });
      for (const name of names) await space.holds(name, { a: '2' });
      for (const name of names) await space.ready(name);
      await eventually(async () => {
        for (const proxy of proxies) proxy.forget();
        await quietFor(1_000);
        const writes = proxies.flatMap((proxy) => proxy.writes).filter((write) => !write.endsWith(' events'));
        expect(writes).toEqual([]);
      });
      await other.stopOperator();
      for (const proxy of proxies) await proxy.stop();
    });
  });

  describe('somebody who writes to a Secret all the time', () => {
    it('is answered each time, and it is right in the end', async () => {
      await space.start();
      await space.applyExternalSecret('app', { data });
      await space.holds('app', { a: '1' });
      const target = { namespace: space.namespace, name: 'app' };
      for (let round = 0; round < 50; round += 1) {
        await world().kube.mergePatch(secrets, target, { data: encoded({ a: `theirs ${round}` }) });
      }
      await space.holds('app', { a: '1' });
      await space.ready('app');
    });

    it('cannot keep an ExternalSecret that is edited all the time from its last state', async () => {
      await space.applyStore({ ...Object.fromEntries(names.map((name) => [name, name])), a: '1' });
      await space.start();
      for (const name of names) {
        await space.applyExternalSecret('app', { data: [{ secretKey: 'a', remoteRef: { key: name } }] });
      }
      await space.holds('app', { a: names.at(-1) ?? '' });
      const { metadata } = await space.ready('app');
      expect(
        (await world().kube.get(externalSecrets, { namespace: space.namespace, name: 'app' })).status,
      ).toMatchObject({
        syncedResourceVersion: expect.stringMatching(new RegExp(`^${metadata.generation}-`)),
      });
    });
  });
});
