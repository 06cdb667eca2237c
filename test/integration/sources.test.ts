/** Where entries come from: several stores, and generators. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describeWorld('the sources of an ExternalSecret', (world) => {
  let space: Workspace;
  let clusterStore = '';

  beforeAll(async () => {
    space = await Workspace.open(world());
    clusterStore = `shared-${space.namespace}`;
    await space.applyStore({ key: 'of the store' });
    await space.applyStore({ key: 'of the other store' }, { name: 'other' });
    await space.applyStore({ key: 'of the cluster' }, { name: clusterStore, kind: 'ClusterSecretStore' });
    await space.start();
  });

  afterAll(() => space.close());

  const generator = (kind: string, name: string, spec: object = {}): Promise<void> =>
    space.apply({ apiVersion: 'generators.external-secrets.io/v1alpha1', kind, metadata: { name }, spec });
  const from = (kind: string, name: string): object => ({ sourceRef: { generatorRef: { kind, name } } });
  const entry = (secretKey: string, storeRef: object): object => ({
    secretKey,
    remoteRef: { key: 'key' },
    sourceRef: { storeRef },
  });

  describe('that are stores', () => {
    it('can be named by each entry', async () => {
      const data = [{ secretKey: 'own', remoteRef: { key: 'key' } }, entry('other', { name: 'other' })];
      expect(await space.sync({ data })).toEqual({ own: 'of the store', other: 'of the other store' });
    });

    it('need no default when every entry names its own', async () => {
      const data = [entry('other', { name: 'other' })];
      expect(await space.sync({ data, secretStoreRef: { name: 'missing' } })).toEqual({ other: 'of the other store' });
    });

    it('are found in the namespace also after one of the cluster', async () => {
      const data = [
        entry('cluster', { name: clusterStore, kind: 'ClusterSecretStore' }),
        entry('other', { name: 'other', kind: 'SecretStore' }),
        entry('own', { name: 'store' }),
      ];
      expect(await space.sync({ data })).toEqual({
        cluster: 'of the cluster',
        other: 'of the other store',
        own: 'of the store',
      });
    });

    it('serve extract and find', async () => {
      await space.applyStore({ json: { a: '1' }, found: 'f' }, { name: 'maps' });
      const sourceRef = { storeRef: { name: 'maps' } };
      const dataFrom = [
        { extract: { key: 'json' }, sourceRef },
        { find: { name: { regexp: '^found$' } }, sourceRef },
      ];
      expect(await space.sync({ dataFrom })).toEqual({ a: '1', found: 'f' });
    });
  });

  describe('that are generators', () => {
    it('make the keys that they make', async () => {
      await generator('Fake', 'values', { data: { user: 'generated', 'pass.word': 'too' } });
      expect(await space.sync({ dataFrom: [from('Fake', 'values')] })).toEqual({
        user: 'generated',
        'pass.word': 'too',
      });
    });

    it('make passwords as they are told', async () => {
      await generator('Password', 'short', { length: 12, digits: 4, symbols: 0, noUpper: true, allowRepeat: true });
      const { password = '' } = await space.sync({ dataFrom: [from('Password', 'short')] });
      expect(password).toMatch(/^[a-z0-9]{12}$/);
      expect(password.replace(/\D/g, '')).toHaveLength(4);
    });

    it('make UUIDs', async () => {
      await generator('UUID', 'id');
      expect(await space.sync({ dataFrom: [from('UUID', 'id')] })).toEqual({ uuid: expect.stringMatching(uuid) });
    });

    it('can be rewritten', async () => {
      await generator('UUID', 'renamed');
      const dataFrom = [
        { ...from('UUID', 'renamed'), rewrite: [{ regexp: { source: '^uuid$', target: 'client-id' } }] },
      ];
      expect(await space.sync({ dataFrom })).toEqual({ 'client-id': expect.stringMatching(uuid) });
    });

    it('can be named by data, where the property or the key names what they make', async () => {
      await generator('Fake', 'pair', { data: { user: 'u-1', password: 'p-1' } });
      const { sourceRef } = from('Fake', 'pair') as { readonly sourceRef: object };
      const data = [
        { secretKey: 'login', remoteRef: { key: 'user' }, sourceRef },
        { secretKey: 'secret', remoteRef: { key: 'any', property: 'password' }, sourceRef },
      ];
      expect(await space.sync({ data })).toEqual({ login: 'u-1', secret: 'p-1' });
    });

    it('run once for all entries that name the same one', async () => {
      await generator('UUID', 'pair-id');
      const { sourceRef } = from('UUID', 'pair-id') as { readonly sourceRef: object };
      const data = ['first', 'second'].map((secretKey) => ({ secretKey, remoteRef: { key: 'uuid' }, sourceRef }));
      const made = await space.sync({ data });
      expect(made['first']).toMatch(uuid);
      expect(made['second']).toBe(made['first']);
    });

    it('say which keys they make when another is asked for', async () => {
      await generator('Fake', 'few', { data: { one: '1', two: '2' } });
      const { sourceRef } = from('Fake', 'few') as { readonly sourceRef: object };
      const data = [{ secretKey: 'three', remoteRef: { key: 'three' }, sourceRef }];
      expect(await space.failure({ data })).toContain('generator "few" makes no key "three"; it makes: one, two');
    });

    it('can be of the cluster', async () => {
      const name = `cluster-${space.namespace}`;
      await space.apply({
        apiVersion: 'generators.external-secrets.io/v1alpha1',
        kind: 'ClusterGenerator',
        metadata: { name },
        spec: { kind: 'Fake', generator: { fakeSpec: { data: { a: 'of the cluster' } } } },
      });
      expect(await space.sync({ dataFrom: [from('ClusterGenerator', name)] })).toEqual({ a: 'of the cluster' });
      const path = `/apis/generators.external-secrets.io/v1alpha1/clustergenerators/${name}`;
      await world().raw.send(path, { method: 'DELETE' });
    });

    it('that do not exist are named, and waited for', async () => {
      await space.applyExternalSecret('early', { dataFrom: [from('Fake', 'late')] });
      await space.failed('early', `Fake "late" does not exist in namespace "${space.namespace}"`);
      await generator('Fake', 'late', { data: { a: 'b' } });
      await space.holds('early', { a: 'b' });
    });

    it('that are not built here are named', async () => {
      await generator('SSHKey', 'ssh', {});
      expect(await space.failure({ dataFrom: [from('SSHKey', 'ssh')] })).toContain(
        'generator "SSHKey" is not supported',
      );
    });
  });
});
