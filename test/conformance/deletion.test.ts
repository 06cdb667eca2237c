/** What goes along when something goes: dependents, and everything in a namespace. */
import { expect, it } from 'vitest';
import type { OwnerReference } from '../../src/api/object.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { configMaps, namespaces, secrets } from '../../src/kube/resources.ts';
import { eventually } from '../support/eventually.ts';
import { textAt } from '../support/rawclient.ts';
import { describeWorld, type World } from '../support/world.ts';

describeWorld('deletion', (world) => {
  it('of an owner takes its dependents along, and theirs', async () => {
    const namespace = await world().createNamespace();
    const parent = await owner(world(), namespace, 'parent');
    const child = await owner(world(), namespace, 'child', [parent]);
    await world().kube.create(secrets, { metadata: { namespace, name: 'grandchild', ownerReferences: [child] } });
    await world().kube.delete(configMaps, { namespace, name: 'parent' });
    await gone(() => world().kube.get(configMaps, { namespace, name: 'child' }));
    await gone(() => world().kube.get(secrets, { namespace, name: 'grandchild' }));
  });

  it('of one of two owners only takes the reference away', async () => {
    const namespace = await world().createNamespace();
    const [one, two] = [await owner(world(), namespace, 'one'), await owner(world(), namespace, 'two')];
    const name = { namespace, name: 'shared' };
    await world().kube.create(secrets, { metadata: { ...name, ownerReferences: [one, two] } });
    await world().kube.delete(configMaps, { namespace, name: 'one' });
    await eventually(async () => {
      const { metadata } = await world().kube.get(secrets, name);
      expect(metadata.ownerReferences).toEqual([two]);
    });
  });

  it('waits for dependents that a finalizer holds, without holding up the others', async () => {
    const namespace = await world().createNamespace();
    const parent = await owner(world(), namespace, 'parent');
    const name = { namespace, name: 'held' };
    const metadata = { ...name, ownerReferences: [parent], finalizers: ['example.com/hold'] };
    await world().kube.create(secrets, { metadata });
    await world().kube.delete(configMaps, { namespace, name: 'parent' });
    await eventually(async () => {
      const held = await world().kube.get(secrets, name);
      expect(held.metadata.deletionTimestamp).toBeDefined();
    });
    await world().kube.mergePatch(secrets, name, { metadata: { finalizers: null } });
    await gone(() => world().kube.get(secrets, name));
  });

  it('leaves orphans when it is told to', async () => {
    const namespace = await world().createNamespace();
    const parent = await owner(world(), namespace, 'parent');
    const name = { namespace, name: 'orphan' };
    await world().kube.create(secrets, { metadata: { ...name, ownerReferences: [parent] } });
    await world().kube.delete(configMaps, { namespace, name: 'parent' }, { propagation: 'Orphan' });
    await gone(() => world().kube.get(configMaps, { namespace, name: 'parent' }));
    const orphan = await world().kube.get(secrets, name);
    expect(orphan.metadata.ownerReferences ?? []).toEqual([]);
  });

  it('meets an object whose owner never was', async () => {
    const namespace = await world().createNamespace();
    const nobody = { apiVersion: 'v1', kind: 'ConfigMap', name: 'nobody', uid: crypto.randomUUID() };
    const name = { namespace, name: 'lost' };
    await world().kube.create(secrets, { metadata: { ...name, ownerReferences: [nobody] } });
    await gone(() => world().kube.get(secrets, name));
  });

  it('meets an object whose owner was made again', async () => {
    const namespace = await world().createNamespace();
    const first = await owner(world(), namespace, 'parent');
    await world().kube.delete(configMaps, { namespace, name: 'parent' });
    await owner(world(), namespace, 'parent');
    const name = { namespace, name: 'lost' };
    await world().kube.create(secrets, { metadata: { ...name, ownerReferences: [first] } });
    await gone(() => world().kube.get(secrets, name));
  });

  it('of a namespace takes everything in it along', async () => {
    const namespace = await world().createNamespace();
    await world().kube.create(secrets, { metadata: { namespace, name: 'a' } });
    await world().apply(`
      apiVersion: external-secrets.io/v1
      kind: ExternalSecret
      metadata: {name: es, namespace: ${namespace}}
      spec: {secretStoreRef: {name: s}}
    `);
    await world().kube.delete(namespaces, { name: namespace });
    await gone(() => world().kube.get(namespaces, { name: namespace }));
    const { body } = await world().raw.send(`/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets`);
    expect(body).toMatchObject({ items: [] });
  });

  it('of a namespace ends when the last finalizer in it does', async () => {
    const namespace = await world().createNamespace();
    const name = { namespace, name: 'held' };
    await world().kube.create(secrets, { metadata: { ...name, finalizers: ['example.com/hold'] } });
    await world().kube.delete(namespaces, { name: namespace });
    await eventually(async () => {
      const held = await world().kube.get(secrets, name);
      expect(held.metadata.deletionTimestamp).toBeDefined();
    });
    await world().kube.get(namespaces, { name: namespace });
    await world().kube.mergePatch(secrets, name, { metadata: { finalizers: null } });
    await gone(() => world().kube.get(namespaces, { name: namespace }));
  });

  it('happens in a namespace that has what every namespace has', async () => {
    const namespace = await world().createNamespace();
    await eventually(async () => {
      const { body } = await world().raw.send(`/api/v1/namespaces/${namespace}/configmaps/kube-root-ca.crt`);
      expect(textAt(body, 'data', 'ca.crt')).toContain('BEGIN CERTIFICATE');
    });
    const { body } = await world().raw.send(`/api/v1/namespaces/${namespace}`);
    expect(textAt(body, 'metadata', 'labels', 'kubernetes.io/metadata.name')).toBe(namespace);
    expect(textAt(body, 'status', 'phase')).toBe('Active');
  });
});

async function owner(
  world: World,
  namespace: string,
  name: string,
  ownerReferences: readonly OwnerReference[] = [],
): Promise<OwnerReference> {
  const { metadata } = await world.kube.create(configMaps, { metadata: { namespace, name, ownerReferences } });
  return { apiVersion: 'v1', kind: 'ConfigMap', name, uid: metadata.uid ?? '' };
}

async function gone(get: () => Promise<unknown>): Promise<void> {
  await eventually(() => expect(get()).rejects.toSatisfy(isNotFound));
}
