/** Watches: what they tell, from when, to whom, and how they end. */
import { expect, it } from 'vitest';
import { externalSecrets } from '../../src/api/resources.ts';
import { configMaps, secrets } from '../../src/kube/resources.ts';
import { eventually } from '../support/eventually.ts';
import { textAt, valueAt } from '../support/rawclient.ts';
import { describeWorld, type World } from '../support/world.ts';

const metadataType = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
const tableType = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

describeWorld('watches', (world) => {
  it('tell every change after the version they start from', async () => {
    const namespace = await world().createNamespace();
    const { kube } = world();
    const { resourceVersion } = await kube.list(secrets, { namespace });
    const name = { namespace, name: 'a' };
    await kube.create(secrets, { metadata: name });
    const watch = await world().raw.watch(secretsPath(namespace, { resourceVersion }));
    await kube.mergePatch(secrets, name, { data: { a: 'YQ==' } });
    const patched = await kube.get(secrets, name);
    await kube.delete(secrets, name);
    const events = [await watch.next(), await watch.next(), await watch.next()];
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    expect(events[1]?.object).toMatchObject({ kind: 'Secret', apiVersion: 'v1', data: { a: 'YQ==' } });
    const versions = events.map(({ object }) => Number(textAt(object, 'metadata', 'resourceVersion')));
    expect(versions[2]).toBeGreaterThan(Number(patched.metadata.resourceVersion));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    watch.close();
  });

  it('begin with what is there when they name no version', async () => {
    const namespace = await world().createNamespace();
    await world().kube.create(secrets, { metadata: { namespace, name: 'a' } });
    for (const query of [{}, { resourceVersion: '0' }]) {
      const watch = await world().raw.watch(secretsPath(namespace, query));
      expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
      watch.close();
    }
  });

  it.each([
    ['by asking for it', { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }],
    ['because they name no version', {}],
  ])('that list first, %s, say when the list is complete', async (_, query) => {
    const namespace = await world().createNamespace();
    await world().kube.create(secrets, { metadata: { namespace, name: 'a' } });
    const watch = await world().raw.watch(secretsPath(namespace, { allowWatchBookmarks: 'true', ...query }));
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
    const { type, object } = await watch.next();
    expect(type).toBe('BOOKMARK');
    expect(object).toMatchObject({ kind: 'Secret', apiVersion: 'v1' });
    expect(valueAt(object, 'metadata', 'annotations')).toEqual({ 'k8s.io/initial-events-end': 'true' });
    watch.close();
  });

  it('answer a version from before a restart with an error event of 410', async ({ skip }) => {
    if (!world().canRestart) skip('this cluster is not ours to restart');
    await world().restart();
    // A server that has just started may still fill its watch cache, and ask to come back.
    const watch = await eventually(() => world().raw.watch(secretsPath('default', { resourceVersion: '1' })));
    expect(await watch.next()).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    });
    await expect(watch.next()).rejects.toThrow('the watch ended');
  });

  it('are refused for a version that is none', async () => {
    const { status } = await world().raw.send(secretsPath('default', { resourceVersion: 'x' }));
    // The real server calls it a mistake of its own.
    expect([400, 500]).toContain(status);
  });

  it('end in order after their time', async () => {
    const namespace = await world().createNamespace();
    const { resourceVersion } = await world().kube.list(secrets, { namespace });
    const watch = await world().raw.watch(secretsPath(namespace, { resourceVersion, timeoutSeconds: '1' }));
    await expect(watch.next()).rejects.toThrow('the watch ended');
  });

  it('see objects come and go as they begin and cease to match', async () => {
    const namespace = await world().createNamespace();
    const { kube } = world();
    const { resourceVersion } = await kube.list(secrets, { namespace });
    const name = { namespace, name: 'a' };
    const watch = await world().raw.watch(secretsPath(namespace, { resourceVersion, labelSelector: 'app=web' }));
    await kube.create(secrets, { metadata: name });
    await kube.mergePatch(secrets, name, { metadata: { labels: { app: 'web' } } });
    await kube.mergePatch(secrets, name, { data: { a: 'YQ==' } });
    await kube.mergePatch(secrets, name, { metadata: { labels: { app: 'job' } }, data: { b: 'Yg==' } });
    const { metadata } = await kube.get(secrets, name);
    const events = [await watch.next(), await watch.next(), await watch.next()];
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    // The last one is the object as it was when it still matched, with the version of the change.
    expect(events[2]?.object).toMatchObject({
      data: { a: 'YQ==' },
      metadata: { labels: { app: 'web' }, resourceVersion: metadata.resourceVersion },
    });
    watch.close();
  });

  it('follow one object by its name', async () => {
    const namespace = await world().createNamespace();
    const { kube } = world();
    const { resourceVersion } = await kube.list(secrets, { namespace });
    const watch = await world().raw.watch(
      secretsPath(namespace, { resourceVersion, fieldSelector: 'metadata.name=b' }),
    );
    await kube.create(secrets, { metadata: { namespace, name: 'a' } });
    await kube.create(secrets, { metadata: { namespace, name: 'b' } });
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
    watch.close();
  });

  it('tell metadata alone, without a byte of the secret', async () => {
    const namespace = await world().createNamespace();
    const { kube } = world();
    const { resourceVersion } = await kube.list(secrets, { namespace });
    const watch = await world().raw.watch(secretsPath(namespace, { resourceVersion }), { accept: metadataType });
    await kube.create(secrets, { metadata: { namespace, name: 'a' }, data: { a: 'dmFsdWU=' } });
    const { type, object } = await watch.next();
    expect(type).toBe('ADDED');
    expect(object).toMatchObject({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { name: 'a' },
    });
    expect(JSON.stringify(object)).not.toContain('dmFsdWU=');
    watch.close();
  });

  it('tell rows of a table, the columns once', async () => {
    const namespace = await world().createNamespace();
    const { kube } = world();
    const { resourceVersion } = await kube.list(secrets, { namespace });
    const watch = await world().raw.watch(secretsPath(namespace, { resourceVersion }), { accept: tableType });
    await kube.create(secrets, { metadata: { namespace, name: 'a' } });
    await kube.create(secrets, { metadata: { namespace, name: 'b' } });
    const [first, second] = [(await watch.next()).object, (await watch.next()).object];
    expect(valueAt(first, 'columnDefinitions', 0, 'name')).toBe('Name');
    expect(valueAt(first, 'rows', 0, 'cells', 0)).toBe('a');
    expect(valueAt(second, 'columnDefinitions') ?? []).toEqual([]);
    expect(valueAt(second, 'rows', 0, 'cells', 0)).toBe('b');
    watch.close();
  });

  it('of one version see what is written in another', async () => {
    const namespace = await world().createNamespace();
    const { resourceVersion } = await world().kube.list(externalSecrets, { namespace });
    const path = `/apis/external-secrets.io/v1beta1/namespaces/${namespace}/externalsecrets?watch=true`;
    const watch = await world().raw.watch(`${path}&resourceVersion=${resourceVersion}`);
    await world().apply(`
      apiVersion: external-secrets.io/v1
      kind: ExternalSecret
      metadata: {name: es, namespace: ${namespace}}
      spec: {secretStoreRef: {name: s}}
    `);
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { apiVersion: 'external-secrets.io/v1beta1' } });
    watch.close();
  });

  it('reach everybody who looks', async () => {
    const namespace = await world().createNamespace();
    const { resourceVersion } = await world().kube.list(configMaps, { namespace });
    const path = `/api/v1/namespaces/${namespace}/configmaps?watch=true&resourceVersion=${resourceVersion}`;
    const watches = await Promise.all(Array.from({ length: 20 }, () => world().raw.watch(path)));
    await world().kube.create(configMaps, { metadata: { namespace, name: 'a' } });
    const events = await Promise.all(watches.map((watch) => watch.next()));
    expect(events.every(({ object }) => textAt(object, 'metadata', 'name') === 'a')).toBe(true);
    for (const watch of watches) watch.close();
  });

  it('begin anew after a restart where they were, or say that they cannot', async ({ skip }) => {
    if (!world().canRestart) skip('this cluster is not ours to restart');
    const namespace = await world().createNamespace();
    const { kube } = world();
    const before = await kube.create(configMaps, { metadata: { namespace, name: 'a' } });
    await world().restart();
    await eventually(() => kube.create(configMaps, { metadata: { namespace, name: 'b' } }));
    const watch = await eventually(() => openAgain(world(), namespace, before.metadata.resourceVersion ?? ''));
    const { type, object } = await watch.next();
    // A real server no longer knows what came before it filled its watch cache: whoever asks for that lists again.
    expect([
      { type: 'ADDED', name: 'b', code: undefined },
      { type: 'ERROR', name: '', code: 410 },
    ]).toContainEqual({ type, name: textAt(object, 'metadata', 'name'), code: valueAt(object, 'code') });
    watch.close();
  });

  it('go on after a restart from what was listed since, once the server knows it', async ({ skip }) => {
    if (!world().canRestart) skip('this cluster is not ours to restart');
    const namespace = await world().createNamespace();
    const { kube } = world();
    // What every new namespace is given is no part of what is watched.
    await eventually(() => kube.get(configMaps, { namespace, name: 'kube-root-ca.crt' }));
    await world().restart();
    let tries = 0;
    await eventually(async () => {
      const { resourceVersion } = await kube.list(configMaps, { namespace, labelSelector: '!x' });
      const name = `late-${(tries += 1)}`;
      await kube.create(configMaps, { metadata: { namespace, name } });
      const watch = await openAgain(world(), namespace, resourceVersion);
      const event = await watch.next();
      watch.close();
      expect(event).toMatchObject({ type: 'ADDED', object: { metadata: { name } } });
    }, startedTimeoutMs);
  });
});

/** After this a server that was restarted has filled its caches, on a busy machine too. */
const startedTimeoutMs = 50_000;

function openAgain(world: World, namespace: string, resourceVersion: string) {
  const path = `/api/v1/namespaces/${namespace}/configmaps?watch=true&resourceVersion=${resourceVersion}`;
  return world.raw.watch(`${path}&labelSelector=!x`);
}

function secretsPath(namespace: string, query: Readonly<Record<string, string>>): string {
  return `/api/v1/namespaces/${namespace}/secrets?${new URLSearchParams({ watch: 'true', ...query }).toString()}`;
}
