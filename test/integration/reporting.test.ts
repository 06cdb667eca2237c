/** How an ExternalSecret says what became of it: status, events, columns, metrics, requests. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiProxy } from '../support/apiproxy.ts';
import { eventually } from '../support/eventually.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const data = [{ secretKey: 'a', remoteRef: { key: 'a' } }];

describeWorld('an ExternalSecret', (world) => {
  let space: Workspace;
  let proxy: ApiProxy;

  beforeEach(async () => {
    space = await Workspace.open(world());
    proxy = await ApiProxy.start(world());
    await space.applyStore({ a: '1' });
    await space.start({}, proxy);
    await space.storeIs('Valid');
  });

  afterEach(async () => {
    await space.close();
    await proxy.stop();
  });

  async function columns(...args: readonly string[]): Promise<readonly string[][]> {
    const { stdout } = await world().kubectl('get', ...args, '-n', space.namespace);
    const lines = stdout.trim().split('\n');
    return lines.map((line) => line.split(/\s{2,}/));
  }

  const metrics = (): Promise<string> => space.operator.registry.metrics();

  describe('that is synced', () => {
    it('names its Secret, the time and the version in its status', async () => {
      await space.applyExternalSecret('app', { data, target: { name: 'other' } }, { labels: { team: 'core' } });
      const { status, metadata } = await space.ready('app');
      expect(status).toMatchObject({ binding: { name: 'other' }, conditions: [{ message: 'secret synced' }] });
      expect(status?.syncedResourceVersion).toMatch(new RegExp(`^${metadata.generation}-[0-9a-f]{56}$`));
      expect(status?.refreshTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    });

    it('says in events that its Secret was created, updated, or neither', async () => {
      // Without a template its annotations go to the Secret, that of the forced refresh included.
      await space.applyExternalSecret('app', { data, target: { template: {} } });
      await space.ready('app');
      await space.applyStore({ a: '2' });
      await space.holds('app', { a: '2' });
      await space.refresh('app');
      await eventually(async () =>
        expect((await space.events('app')).toSorted((left, right) => left.reason.localeCompare(right.reason))).toEqual([
          { type: 'Normal', reason: 'Created', message: 'secret created', count: 1 },
          { type: 'Normal', reason: 'Updated', message: 'secret updated', count: 1 },
        ]),
      );
    });

    it('costs three requests at first, and one for each refresh that changes nothing', async () => {
      proxy.forget();
      await space.applyExternalSecret('app', { data });
      await space.ready('app');
      const first = ['create events', 'create secrets', 'patch externalsecrets/status'];
      await eventually(() => expect([...proxy.writes].sort()).toEqual(first));
      expect(proxy.requests.filter(({ verb }) => verb !== 'watch')).toHaveLength(3);
      proxy.forget();
      // Two refreshes in one second have the same time.
      await space.applyExternalSecret('app', { data }, { annotations: { again: 'yes' } });
      await eventually(() => expect(proxy.writes).toContain('patch externalsecrets/status'));
      expect(proxy.requests.map(({ verb, resource }) => `${verb} ${resource}`).toSorted()).toEqual([
        'create events',
        'patch externalsecrets',
        'patch secrets',
      ]);
      proxy.forget();
      await space.applyExternalSecret('app', { data, refreshInterval: '2h' }, { annotations: { again: 'yes' } });
      await eventually(() => expect(proxy.writes).toEqual(['patch externalsecrets/status']));
      expect(proxy.requests).toHaveLength(1);
    });

    it('is shown by kubectl under all its names', async (context) => {
      if (!world().hasKubectl) return context.skip('there is no kubectl');
      const secretStoreRef = { name: 'store', kind: 'SecretStore' };
      await space.applyExternalSecret('app', { data, secretStoreRef, refreshInterval: '5m' });
      await space.ready('app');
      const header = ['NAME', 'STORETYPE', 'STORE', 'REFRESH INTERVAL', 'STATUS', 'READY', 'LAST SYNC'];
      const row = ['app', 'SecretStore', 'store', '5m', 'SecretSynced', 'True', expect.stringMatching(/^\d+s$/)];
      for (const name of ['externalsecret', 'externalsecrets', 'es', 'external-secrets']) {
        const [head, ...rows] = await columns(name);
        const own = rows.filter(([first]) => first === 'app' || first === 'externalsecret.external-secrets.io/app');
        expect(own).toHaveLength(1);
        if (name === 'es') expect([head, own[0]]).toEqual([header, row]);
      }
    });

    it('can be waited for with kubectl', async (context) => {
      if (!world().hasKubectl) return context.skip('there is no kubectl');
      await space.applyExternalSecret('app', { data });
      const { code, stdout } = await world().kubectl(
        'wait',
        '--for=condition=Ready',
        '--timeout=30s',
        'es/app',
        '-n',
        space.namespace,
      );
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'externalsecret.external-secrets.io/app condition met\n' });
    });
  });

  describe('that fails', () => {
    const wrong = { data: [{ secretKey: 'a', remoteRef: { key: 'missing' } }] };

    it('keeps the time and the version of its last success', async () => {
      await space.applyExternalSecret('app', { data });
      const before = (await space.ready('app')).status;
      await space.applyExternalSecret('app', wrong);
      await space.failed('app');
      const { status } = await space.externalSecret('app');
      expect(status).toMatchObject({
        refreshTime: before?.refreshTime,
        syncedResourceVersion: before?.syncedResourceVersion,
        binding: before?.binding,
      });
    });

    it('says the same in condition and event, with the cause', async () => {
      await space.applyExternalSecret('app', wrong);
      const message = await space.failed('app');
      expect(message).toBe(
        'could not get secret data from provider: error processing spec.data[0] (key: missing): the store has no secret missing',
      );
      await eventually(async () =>
        expect(await space.events('app')).toEqual([{ type: 'Warning', reason: 'UpdateFailed', message, count: 1 }]),
      );
    });

    it('moves the time of its transition only when its readiness changes', async () => {
      await space.applyExternalSecret('app', wrong);
      await space.failed('app');
      const transition = async (): Promise<unknown> =>
        (await space.externalSecret('app')).status?.conditions?.[0]?.lastTransitionTime;
      const before = await transition();
      await space.applyExternalSecret('app', { data: [{ secretKey: 'a', remoteRef: { key: 'missing too' } }] });
      await space.failed('app', /missing too/);
      expect(await transition()).toBe(before);
    });
  });

  describe('in metrics', () => {
    it('has its condition, its syncs and its errors, and nothing once it is gone', async () => {
      await space.applyExternalSecret('app', { data });
      await space.ready('app');
      const labels = `name="app",namespace="${space.namespace}"`;
      const text = await metrics();
      expect(text).toContain(`externalsecret_status_condition{${labels},condition="Ready",status="True"} 1`);
      expect(text).toContain(`externalsecret_status_condition{${labels},condition="Ready",status="False"} 0`);
      expect(text).toContain(`externalsecret_sync_calls_total{${labels}} 1`);
      expect(text).toContain(`externalsecret_sync_calls_error{${labels}} 0`);
      expect(text).toMatch(
        /externalsecret_provider_api_calls_count\{provider="Fake",call="GetSecret",status="success"\} 1/,
      );
      await remove();
      await eventually(async () => expect(await metrics()).not.toContain('name="app"'));
    });
  });

  async function remove(): Promise<void> {
    const path = `/apis/external-secrets.io/v1/namespaces/${space.namespace}/externalsecrets/app`;
    await world().raw.send(path, { method: 'DELETE' });
  }
});
