/** What a store says of itself: condition, capabilities, events, columns, finalizer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCondition } from '../../src/api/conditions.ts';
import { secretStoreFinalizer } from '../../src/api/constants.ts';
import { clusterSecretStores, pushSecrets, secretStores } from '../../src/api/resources.ts';
import { eventually } from '../support/eventually.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

describeWorld('a store', (world) => {
  let space: Workspace;

  beforeAll(async () => {
    space = await Workspace.open(world());
    await space.start();
  });

  afterAll(() => space.close());

  const kubernetesStore = (auth: object): object => ({ kubernetes: { server: { url: world().url }, auth } });

  describe('that works', () => {
    it('is ready, says what it can do, and tells it once', async () => {
      await space.applyStore({ a: 'b' }, { name: 'good', fake: { validationResult: 0 } });
      expect(await space.storeIs('Valid', 'good')).toBe('store validated');
      const { status } = await space.store('good');
      expect(status).toMatchObject({ capabilities: 'ReadWrite', conditions: [{ status: 'True' }] });
      expect(status?.conditions?.[0]?.lastTransitionTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      await eventually(async () =>
        expect(await space.events('good')).toContainEqual({
          type: 'Normal',
          reason: 'Valid',
          message: 'store validated',
          count: 1,
        }),
      );
    });

    it('is checked again at its own interval, without another event', async () => {
      const before = await validations();
      await space.applyStore({ a: 'b' }, { name: 'often', spec: { refreshInterval: 1 } });
      await eventually(async () => expect(await validations()).toBeGreaterThan(before + 2));
      const valid = (await space.events('often')).filter(({ reason }) => reason === 'Valid');
      expect(valid).toMatchObject([{ count: 1 }]);
    });

    it('is shown by kubectl with age, status, capabilities and readiness', async (context) => {
      if (!world().hasKubectl) return context.skip('there is no kubectl');
      await space.applyStore({ a: 'b' }, { name: 'shown' });
      await space.storeIs('Valid', 'shown');
      const { stdout } = await world().kubectl('get', 'secretstore', 'shown', '-n', space.namespace);
      const [header = '', row = ''] = stdout.trim().split('\n');
      expect(header.split(/\s{2,}/)).toEqual(['NAME', 'AGE', 'STATUS', 'CAPABILITIES', 'READY']);
      expect(row.split(/\s+/)).toEqual(['shown', expect.stringMatching(/^\d+m?s$/), 'Valid', 'ReadWrite', 'True']);
    });

    it('of the cluster is ready as well, with events in the default namespace', async () => {
      const name = `cluster-${space.namespace}`;
      await space.applyStore({ a: 'b' }, { name, kind: 'ClusterSecretStore' });
      await eventually(async () => {
        const { status } = await world().kube.get(clusterSecretStores, { name });
        expect(status).toMatchObject({ capabilities: 'ReadWrite', conditions: [{ reason: 'Valid', status: 'True' }] });
      });
    });
  });

  describe('that cannot be judged', () => {
    it('is ready all the same, and says so', async () => {
      await space.applyStore({ a: 'b' }, { name: 'unsure', fake: { validationResult: 1 } });
      expect(await space.storeIs('ValidationUnknown', 'unsure')).toContain('could not determine validation status');
      expect(findCondition((await space.store('unsure')).status?.conditions, 'Ready')?.status).toBe('True');
      await space.applyExternalSecret('unsure', {
        secretStoreRef: { name: 'unsure' },
        data: [{ secretKey: 'a', remoteRef: { key: 'a' } }],
      });
      await space.holds('unsure', { a: 'b' });
    });
  });

  describe('that does not work', () => {
    it('names the cause in condition and event', async () => {
      await space.applyStore({ a: 'b' }, { name: 'bad', fake: { validationResult: 2 } });
      const message = await space.storeIs('InvalidProviderConfig', 'bad');
      expect(message).toMatch(/^unable to validate store: .*validationResult 2/);
      await eventually(async () =>
        expect(await space.events('bad')).toContainEqual(
          expect.objectContaining({ type: 'Warning', reason: 'InvalidProviderConfig', message }),
        ),
      );
    });

    it.each([
      [
        'a credential that does not exist',
        { token: { bearerToken: { name: 'nowhere', key: 'token' } } },
        /nowhere does not exist/,
      ],
      [
        'a ServiceAccount that does not exist',
        { serviceAccount: { name: 'nobody' } },
        /ServiceAccount .*nobody does not exist/,
      ],
    ])('because of %s says which', async (_, auth, cause) => {
      const name = `missing-${Object.keys(auth)[0]?.toLowerCase()}`;
      await space.applyStoreOf(kubernetesStore(auth), { name });
      expect(await space.storeIs('InvalidProviderConfig', name)).toMatch(cause);
    });

    it('because its provider is not built here names the provider', async () => {
      await space.applyStoreOf(
        { doppler: { auth: { secretRef: { dopplerToken: { name: 'x' } } } } },
        { name: 'doppler' },
      );
      expect(await space.storeIs('InvalidProviderConfig', 'doppler')).toContain('provider "doppler" is not supported');
      expect(findCondition((await space.store('doppler')).status?.conditions, 'Ready')?.status).toBe('False');
    });

    it('because its spec is wrong says what is wrong with it', async () => {
      await space.applyStoreOf({ fake: { data: [{ key: '', value: 'x' }] } }, { name: 'wrong' });
      expect(await space.storeIs('InvalidProviderConfig', 'wrong')).toContain('data[0] has no key');
    });

    it('may not reach credentials of another namespace', async () => {
      const other = await world().createNamespace();
      const bearerToken = { name: 'token', key: 'token', namespace: other };
      await space.applyStoreOf(kubernetesStore({ token: { bearerToken } }), { name: 'reaching' });
      expect(await space.storeIs('InvalidProviderConfig', 'reaching')).toMatch(/namespace/);
    });

    it('is ready as soon as its spec is mended', async () => {
      await space.applyStore({ a: 'b' }, { name: 'mended', fake: { validationResult: 2 } });
      await space.storeIs('InvalidProviderConfig', 'mended');
      await space.applyStore({ a: 'b' }, { name: 'mended', fake: { validationResult: 0 } });
      await space.storeIs('Valid', 'mended');
    });
  });

  describe('of a provider that nobody maintains', () => {
    it('warns, unless its annotation says that this is known', async () => {
      await space.applyStore({ a: 'b' }, { name: 'warned' });
      const annotations = { 'external-secrets.io/ignore-maintenance-checks': 'true' };
      await space.applyStore({ a: 'b' }, { name: 'silenced', annotations });
      await space.storeIs('Valid', 'silenced');
      await eventually(async () =>
        expect((await space.events('warned')).map(({ reason }) => reason)).toContain('StoreUnmaintained'),
      );
      await eventually(async () =>
        expect((await space.events('silenced')).map(({ reason }) => reason)).toEqual(['Valid']),
      );
    });
  });

  describe('of another class', () => {
    it('is left alone, without a word', async () => {
      await space.applyStore({ a: 'b' }, { name: 'foreign', spec: { controller: 'somebody-else' } });
      await space.applyStore({ a: 'b' }, { name: 'after-foreign' });
      await space.storeIs('Valid', 'after-foreign');
      expect((await space.store('foreign')).status).toBeUndefined();
      expect(await space.events('foreign')).toEqual([]);
    });

    it('is served by the operator of that class', async () => {
      await space.stopOperator();
      await space.start({ flags: { 'controller-class': 'somebody-else' } });
      await space.storeIs('Valid', 'foreign');
      await space.stopOperator();
      await space.start();
    });
  });

  describe('that a PushSecret has to delete from', () => {
    it('is held back by a finalizer until that is over', async () => {
      await space.applyStore({ a: 'b' }, { name: 'pushed' });
      const spec = {
        deletionPolicy: 'Delete',
        secretStoreRefs: [{ name: 'pushed', kind: 'SecretStore' }],
        selector: { secret: { name: 'source' } },
        data: [{ match: { secretKey: 'a', remoteRef: { remoteKey: 'a' } } }],
      };
      const apiVersion = 'external-secrets.io/v1alpha1';
      await space.apply({ apiVersion, kind: 'PushSecret', metadata: { name: 'push' }, spec });
      const finalizers = async (): Promise<unknown> => (await space.store('pushed')).metadata.finalizers;
      await eventually(async () => expect(await finalizers()).toEqual([secretStoreFinalizer]));
      const { namespace } = space;
      await world().kube.delete(secretStores, { namespace, name: 'pushed' });
      expect(await finalizers()).toEqual([secretStoreFinalizer]);
      await world().kube.mergePatch(pushSecrets, { namespace, name: 'push' }, { metadata: { finalizers: null } });
      await world().kube.delete(pushSecrets, { namespace, name: 'push' });
      await eventually(() => expect(space.store('pushed')).rejects.toMatchObject({ status: 404 }));
    });
  });

  async function validations(): Promise<number> {
    return (await space.providerCalls())['Validate'] ?? 0;
  }
});
