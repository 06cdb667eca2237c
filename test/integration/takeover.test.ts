/** Taking over from ESO and starting again: what is in order is neither read nor written. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { externalSecretFinalizer } from '../../src/api/constants.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { Resource } from '../../src/api/resource.ts';
import { externalSecrets, secretStores } from '../../src/api/resources.ts';
import { type Secret, secrets } from '../../src/kube/resources.ts';
import { ApiProxy } from '../support/apiproxy.ts';
import { eventually } from '../support/eventually.ts';
import { encoded, Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

/** Computed by ESO 2.9 itself. */
const vectors = {
  /** Of the data `{b: "hi", a: ""}`. */
  dataHash: '1502c667c51473986903f433f5b890c4894c7a52d989ccf189512419',
  /** Of the name `default/my-es`. */
  ownerHash: 'b8464376b5fe3535e690594280bfe59b60be2603cb6cbb6d6c8bcbb4',
  /** Of annotations `{k: "v"}` without labels, in generation 1. */
  syncedVersion: '1-ee72192f951cf36223a27456a332a773d0ff679ad46c926e6904e933',
};

const namespace = 'default';
const name = 'my-es';
const data = { b: 'hi', a: '' };
const silenced = { 'external-secrets.io/ignore-maintenance-checks': 'true' };

describeWorld('an operator that starts', (world) => {
  let space: Workspace;
  let proxy: ApiProxy;

  beforeEach(async () => {
    proxy = await ApiProxy.start(world());
  });

  afterEach(async () => {
    await space.close();
    for (const resource of [externalSecrets, secrets, secretStores]) await remove(resource);
    await proxy.stop();
  });

  async function remove(resource: Resource): Promise<void> {
    const target = { namespace, name: resource.kind === 'SecretStore' ? 'store' : name };
    await world()
      .kube.mergePatch(resource, target, { metadata: { finalizers: null } })
      .catch(() => undefined);
    await world()
      .kube.delete(resource, target)
      .catch(() => undefined);
    await eventually(() => expect(world().kube.get(resource, target)).rejects.toMatchObject({ status: 404 }));
  }

  async function start(): Promise<void> {
    proxy.forget();
    await space.start({}, proxy);
    await space.idle(1);
  }

  describe('on what ESO left', () => {
    beforeEach(async () => {
      space = Workspace.of(world(), namespace);
      await space.applyStore({ all: data }, { annotations: silenced });
      await statusOf('SecretStore', 'store', {
        capabilities: 'ReadWrite',
        conditions: [condition('Valid', 'store validated')],
      });
    });

    /** As ESO's requests would have left it. */
    async function leave({ refreshedAt = new Date(), spec = {}, secret = {} } = {}): Promise<void> {
      const made = await world().kube.create(externalSecrets, externalSecret(spec));
      const status = {
        binding: { name },
        conditions: [condition('SecretSynced', 'secret synced')],
        refreshTime: wholeSeconds(refreshedAt),
        syncedResourceVersion: vectors.syncedVersion,
      };
      await statusOf('ExternalSecret', name, status);
      const target = { ...targetOf(made.metadata.uid ?? ''), ...secret };
      await world().kube.create(secrets, target, { fieldManager: `externalsecrets.external-secrets.io/${name}` });
    }

    async function versions(): Promise<readonly unknown[]> {
      const objects = await Promise.all([space.externalSecret(name), space.secret(name), space.store()]);
      return objects.map(({ metadata }) => metadata.resourceVersion);
    }

    it('reads no provider and writes nothing', async () => {
      await leave();
      const before = await versions();
      await start();
      expect(proxy.writes).toEqual([]);
      expect((await space.providerCalls())['GetSecret']).toBeUndefined();
      expect(await versions()).toEqual(before);
    });

    it('reads what is overdue, and writes no Secret that is right', async () => {
      await leave({ refreshedAt: new Date(Date.now() - 2 * 3_600_000) });
      const { resourceVersion } = (await space.secret(name)).metadata;
      await start();
      await eventually(() => expect(proxy.writes).toEqual(['patch externalsecrets/status']));
      expect((await space.providerCalls())['GetSecret']).toBe(1);
      expect((await space.secret(name)).metadata.resourceVersion).toBe(resourceVersion);
      expect((await space.externalSecret(name)).status).toMatchObject({ syncedResourceVersion: vectors.syncedVersion });
    });

    it('writes again what ESO would have written, byte for byte', async () => {
      await leave();
      const before = await space.secret(name);
      await world().kube.delete(secrets, { namespace, name });
      await start();
      await space.holds(name, data);
      const after = await space.secret(name);
      const { labels, annotations, ownerReferences } = before.metadata;
      expect(after).toMatchObject({ type: before.type, data: before.data });
      expect(after.metadata).toMatchObject({ labels, annotations, ownerReferences });
      const managers = after.metadata.managedFields?.map(({ manager, operation }) => [manager, operation]);
      expect(managers).toEqual([[`externalsecrets.external-secrets.io/${name}`, 'Update']]);
    });

    it('lets go of what ESO held by its finalizer', async () => {
      await leave();
      await start();
      await world().kube.delete(externalSecrets, { namespace, name });
      await eventually(() => expect(space.externalSecret(name)).rejects.toMatchObject({ status: 404 }));
    });

    it('knows which keys of a merged Secret ESO wrote', async () => {
      await space.applySecret(name, { foreign: 'x' });
      const spec = { target: { creationPolicy: 'Merge', deletionPolicy: 'Retain' } };
      await world().kube.create(externalSecrets, externalSecret(spec));
      const manager = { fieldManager: `externalsecrets.external-secrets.io/${name}` };
      await world().kube.mergePatch(
        secrets,
        { namespace, name },
        { data: encoded({ ...data, stale: 'old' }) },
        manager,
      );
      await start();
      await space.holds(name, { ...data, foreign: 'x' });
    });
  });

  describe('again', () => {
    it('reads and writes nothing for a hundred ExternalSecrets that are in order', async () => {
      space = await Workspace.open(world());
      await space.applyStore({ a: '1' });
      await space.start();
      const names = Array.from({ length: 100 }, (_, index) => `app-${index}`);
      const entries = [{ secretKey: 'a', remoteRef: { key: 'a' } }];
      await Promise.all(names.map((each) => space.applyExternalSecret(each, { data: entries })));
      for (const each of names) await space.ready(each);
      await space.stopOperator();
      proxy.forget();
      await space.start({}, proxy);
      await space.idle(100);
      // Stores are checked at every start; that this one is not maintained is told once in a while.
      expect(proxy.writes.filter((write) => !write.endsWith(' events'))).toEqual([]);
      expect((await space.providerCalls())['GetSecret']).toBeUndefined();
    });
  });

  function externalSecret(spec: object): KubeObject & { readonly spec: object } {
    return {
      metadata: { name, namespace, annotations: { k: 'v' }, finalizers: [externalSecretFinalizer] },
      spec: {
        refreshInterval: '1h0m0s',
        secretStoreRef: { kind: 'SecretStore', name: 'store' },
        target: { creationPolicy: 'Owner', deletionPolicy: 'Retain' },
        dataFrom: [{ extract: { key: 'all' } }],
        ...spec,
      },
    };
  }

  function targetOf(uid: string): Secret {
    const owner = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', name, uid };
    const metadata = {
      name,
      namespace,
      labels: {
        'reconcile.external-secrets.io/created-by': vectors.ownerHash,
        'reconcile.external-secrets.io/managed': 'true',
      },
      annotations: { k: 'v', 'reconcile.external-secrets.io/data-hash': vectors.dataHash },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    };
    return { metadata, type: 'Opaque', data: encoded(data) };
  }

  function condition(reason: string, message: string): object {
    return { type: 'Ready', status: 'True', reason, message, lastTransitionTime: wholeSeconds(new Date()) };
  }

  function wholeSeconds(time: Date): string {
    return `${time.toISOString().slice(0, 19)}Z`;
  }

  async function statusOf(kind: 'SecretStore' | 'ExternalSecret', of: string, status: object): Promise<void> {
    const resource = kind === 'SecretStore' ? secretStores : externalSecrets;
    await world().kube.patchStatus(resource, { namespace, name: of }, { status });
  }
});
