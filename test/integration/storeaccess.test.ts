/** Who may use a store, and what its dependents do when it changes, fails and recovers. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterSecretStores, secretStores } from '../../src/api/resources.ts';
import { namespaces } from '../../src/kube/resources.ts';
import { eventually } from '../support/eventually.ts';
import { SourceNamespace } from '../support/sourcenamespace.ts';
import { type StoreOptions, Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const data = [{ secretKey: 'a', remoteRef: { key: 'a' } }];

describeWorld('a store and those who use it:', (world) => {
  let space: Workspace;

  beforeEach(async () => {
    space = await Workspace.open(world());
  });

  afterEach(() => space.close());

  describe('conditions of a ClusterSecretStore', () => {
    const shared = async (conditions: readonly object[]): Promise<object> => {
      const name = `shared-${space.namespace}`;
      await space.applyStore({ a: 'shared' }, { name, kind: 'ClusterSecretStore', spec: { conditions } });
      return { secretStoreRef: { name, kind: 'ClusterSecretStore' }, data };
    };

    it.each([
      ['by name', (name: string) => ({ namespaces: ['other', name] })],
      ['by expression', (name: string) => ({ namespaceRegexes: ['^nothing$', `^${name.slice(0, -2)}..$`] })],
      [
        'by labels',
        (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } }),
      ],
    ])('admit a namespace %s', async (_, condition) => {
      await space.start();
      const spec = await shared([{ namespaces: ['nobody'] }, condition(space.namespace)]);
      expect(await space.sync(spec)).toEqual({ a: 'shared' });
    });

    it('refuse every other namespace, which says why', async () => {
      await space.start();
      const spec = await shared([{ namespaces: ['other'], namespaceRegexes: ['^other-'] }]);
      const { namespace } = space;
      expect(await space.failure(spec)).toContain(
        `using cluster store "shared-${namespace}" is not allowed from namespace "${namespace}": denied by spec.condition`,
      );
    });

    it('follow the labels of the namespace', async () => {
      await space.start();
      await space.applyExternalSecret('app', await shared([{ namespaceSelector: { matchLabels: { team: 'core' } } }]));
      await space.failed('app', /denied by spec\.condition/);
      await world().kube.mergePatch(namespaces, { name: space.namespace }, { metadata: { labels: { team: 'core' } } });
      await space.holds('app', { a: 'shared' });
    });
  });

  it('an operator that serves no ClusterSecretStores leaves those who use them alone', async () => {
    const name = `shared-${space.namespace}`;
    await space.applyStore({ a: 'shared' }, { name, kind: 'ClusterSecretStore' });
    await space.applyStore({ a: 'own' });
    await space.start({ flags: { 'enable-cluster-store-reconciler': false } });
    await space.applyExternalSecret('app', { secretStoreRef: { name, kind: 'ClusterSecretStore' }, data });
    expect(await space.sync({ data })).toEqual({ a: 'own' });
    expect((await space.externalSecret('app')).status).toBeUndefined();
    expect((await world().kube.get(clusterSecretStores, { name })).status).toBeUndefined();
  });

  describe('the flood gate', () => {
    const bad: StoreOptions = { fake: { validationResult: 2 } };

    it('holds dependents back while the store is not ready, and their condition says why', async () => {
      await space.applyStore({ a: 'b' }, bad);
      await space.start();
      await space.applyExternalSecret('app', { data });
      await space.failed('app', /SecretStore "store" is not ready: unable to validate store: .*validationResult 2/);
      expect((await space.providerCalls())['GetSecret']).toBeUndefined();
    });

    it('lets all of them go at once when the store recovers', async () => {
      await space.applyStore({ a: 'b' }, bad);
      await space.start();
      const names = Array.from({ length: 20 }, (_, index) => `app-${index}`);
      for (const name of names) await space.applyExternalSecret(name, { data });
      for (const name of names) await space.failed(name, /is not ready/);
      await space.applyStore({ a: 'b' }, { fake: { validationResult: 0 } });
      for (const name of names) await space.holds(name, { a: 'b' });
    });

    it('is off with --enable-flood-gate=false', async () => {
      await space.applyStore({ a: 'b' }, bad);
      await space.start({ flags: { 'enable-flood-gate': false } });
      await space.applyExternalSecret('app', { data });
      await space.holds('app', { a: 'b' });
    });
  });

  describe('a store that changes', () => {
    it('has its dependents read again, although none of them is due', async () => {
      await space.applyStore({ a: 'old' });
      await space.start();
      await space.applyExternalSecret('app', { data });
      await space.holds('app', { a: 'old' });
      await space.applyStore({ a: 'new' });
      await space.holds('app', { a: 'new' });
    });

    it('does not disturb those that are not Periodic', async () => {
      await space.applyStore({ a: 'old' });
      await space.start();
      await space.applyExternalSecret('once', { refreshPolicy: 'CreatedOnce', data });
      await space.applyExternalSecret('app', { data });
      await space.holds('once', { a: 'old' });
      await space.holds('app', { a: 'old' });
      await space.applyStore({ a: 'new' });
      await space.holds('app', { a: 'new' });
      expect(await space.data('once')).toEqual({ a: 'old' });
    });

    it('that did not exist wakes those who wait for it', async () => {
      await space.start();
      await space.applyExternalSecret('app', { data });
      await space.failed('app', `SecretStore "store" does not exist in namespace "${space.namespace}"`);
      await space.applyStore({ a: 'late' });
      await space.holds('app', { a: 'late' });
    });

    it('or goes away leaves the Secret as it is', async () => {
      await space.applyStore({ a: 'b' });
      await space.start();
      await space.applyExternalSecret('app', { data });
      await space.ready('app');
      await world().kube.delete(secretStores, { namespace: space.namespace, name: 'store' });
      await eventually(async () => {
        await space.annotate('app');
        await space.failed('app', /does not exist/);
      });
      expect(await space.data('app')).toEqual({ a: 'b' });
    });
  });

  describe('credentials', () => {
    it('that are rotated are used at once, and the store is checked with them', async () => {
      const source = await SourceNamespace.create(world());
      await source.put('source', { a: 'from there' });
      await space.applySecret('token', { token: 'wrong' });
      await space.applyStoreOf(source.providerWithToken('token'));
      await space.start();
      await space.applyExternalSecret('app', {
        data: [{ secretKey: 'a', remoteRef: { key: 'source', property: 'a' } }],
      });
      await space.storeIs('InvalidProviderConfig');
      await space.applySecret('token', { token: await source.token() });
      await space.storeIs('Valid');
      await space.holds('app', { a: 'from there' });
    });

    it('that appear late make the store ready', async () => {
      const source = await SourceNamespace.create(world());
      await source.put('source', { a: 'from there' });
      await space.applyStoreOf(source.providerWithToken('token'));
      await space.start();
      await space.storeIs('InvalidProviderConfig');
      await space.applySecret('token', { token: await source.token() });
      await space.storeIs('Valid');
    });

    it('of a ClusterSecretStore that names no namespace are those of whoever uses it', async () => {
      const source = await SourceNamespace.create(world());
      await source.put('source', { a: 'from there' });
      const name = `referent-${space.namespace}`;
      await space.applyStoreOf(source.providerWithToken('token'), { name, kind: 'ClusterSecretStore' });
      await space.start();
      await eventually(async () => {
        const { status } = await world().kube.get(clusterSecretStores, { name });
        expect(status?.conditions).toMatchObject([{ status: 'True', reason: 'Valid' }]);
      });
      const spec = {
        secretStoreRef: { name, kind: 'ClusterSecretStore' },
        data: [{ secretKey: 'a', remoteRef: { key: 'source', property: 'a' } }],
      };
      await space.applyExternalSecret('app', spec);
      await space.failed('app', new RegExp(`Secret ${space.namespace}/token does not exist`));
      await space.applySecret('token', { token: await source.token() });
      await eventually(async () => {
        await space.annotate('app');
        expect(await space.data('app')).toEqual({ a: 'from there' });
      });
    });
  });
});
