/** Lists: pages, selectors, metadata alone, tables. */
import { beforeAll, expect, it } from 'vitest';
import { metadataOnly } from '../../src/api/resource.ts';
import { externalSecrets } from '../../src/api/resources.ts';
import { configMaps, secrets } from '../../src/kube/resources.ts';
import { textAt, valueAt } from '../support/rawclient.ts';
import { describeWorld } from '../support/world.ts';

const tableType = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const metadataType = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

describeWorld('lists', (world) => {
  let namespace = '';

  beforeAll(async () => {
    namespace = await world().createNamespace();
    const { kube } = world();
    const sorts = { a: 'web', b: 'web', c: 'job', d: 'job', e: undefined };
    for (const [name, sort] of Object.entries(sorts)) {
      const labels = sort === undefined ? {} : { app: sort };
      await kube.create(secrets, { metadata: { namespace, name, labels }, data: { key: 'dmFsdWU=' } });
    }
    for (const store of ['one', 'two']) {
      await world().apply(`
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: ${store}, namespace: ${namespace}}
        spec: {secretStoreRef: {name: ${store}}}
      `);
    }
  });

  it('are ordered by name', async () => {
    const { items } = await world().kube.list(secrets, { namespace });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('hold all namespaces when none is named', async () => {
    const { items } = await world().kube.list(secrets, { fieldSelector: 'metadata.name=a' });
    expect(items.map(({ metadata }) => metadata.namespace)).toContain(namespace);
  });

  it('come in pages of one moment', async () => {
    const { kube } = world();
    const first = await kube.list(secrets, { namespace, limit: 2 });
    expect(first.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    await kube.create(secrets, { metadata: { namespace, name: 'cc' } });
    await kube.delete(secrets, { namespace, name: 'd' });
    const second = await kube.list(secrets, { namespace, limit: 2, continue: first.continue });
    expect(second.items.map(({ metadata }) => metadata.name)).toEqual(['c', 'd']);
    const third = await kube.list(secrets, { namespace, limit: 2, continue: second.continue });
    expect(third.items.map(({ metadata }) => metadata.name)).toEqual(['e']);
    expect(third.continue).toBeUndefined();
    expect([second, third].map(({ resourceVersion }) => resourceVersion)).toEqual([
      first.resourceVersion,
      first.resourceVersion,
    ]);
    await kube.delete(secrets, { namespace, name: 'cc' });
    await kube.create(secrets, { metadata: { namespace, name: 'd', labels: { app: 'job' } } });
  });

  it('say how many objects remain, unless a selector makes it unknown', async () => {
    const path = `/api/v1/namespaces/${namespace}/secrets?limit=2`;
    expect(valueAt((await world().raw.send(path)).body, 'metadata', 'remainingItemCount')).toBe(3);
    const { body } = await world().raw.send(`${path}&labelSelector=app`);
    expect(valueAt(body, 'metadata', 'remainingItemCount')).toBeUndefined();
  });

  it('refuse a continue token that is none', async () => {
    const { status } = await world().raw.send(`/api/v1/namespaces/${namespace}/secrets?limit=2&continue=nonsense`);
    expect(status).toBe(400);
  });

  it.each([
    ['app=web', ['a', 'b']],
    ['app==web', ['a', 'b']],
    ['app!=web', ['c', 'd', 'e']],
    ['app in (web, job)', ['a', 'b', 'c', 'd']],
    ['app notin (web)', ['c', 'd', 'e']],
    ['app', ['a', 'b', 'c', 'd']],
    ['!app', ['e']],
    ['app,app!=job', ['a', 'b']],
    ['app=web,app=job', []],
    ['app=', []],
  ])('select by the label selector %s', async (labelSelector, names) => {
    const { items } = await world().kube.list(secrets, { namespace, labelSelector });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
  });

  it('refuse a label selector that is none', async () => {
    const wrong = world().kube.list(secrets, { namespace, labelSelector: 'a in b' });
    await expect(wrong).rejects.toThrow(/unable to parse requirement/);
  });

  it.each([
    ['metadata.name=a', ['a']],
    ['metadata.name!=a', ['b', 'c', 'd', 'e']],
    ['type=Opaque', ['a', 'b', 'c', 'd', 'e']],
    ['type=kubernetes.io/tls', []],
  ])('select by the field selector %s', async (fieldSelector, names) => {
    const { items } = await world().kube.list(secrets, { namespace, fieldSelector });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
  });

  it('select by the fields that a definition names', async () => {
    const { kube } = world();
    const { items } = await kube.list(externalSecrets, { namespace, fieldSelector: 'spec.secretStoreRef.name=two' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['two']);
    const other = kube.list(externalSecrets, { namespace, fieldSelector: 'spec.refreshPolicy=Periodic' });
    await expect(other).rejects.toThrow('field label not supported: spec.refreshPolicy');
  });

  it('give metadata alone, without a byte of the secret', async () => {
    const { body } = await world().raw.send(`/api/v1/namespaces/${namespace}/secrets`, { accept: metadataType });
    expect(body).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
    expect(valueAt(body, 'items', 0)).toMatchObject({ metadata: { name: 'a', labels: { app: 'web' } } });
    expect(JSON.stringify(body)).not.toContain('dmFsdWU=');
    const { items } = await world().kube.list(metadataOnly(secrets), { namespace });
    expect(items[0]).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } });
  });

  it('name their kind and version', async () => {
    const { body } = await world().raw.send(
      `/apis/external-secrets.io/v1beta1/namespaces/${namespace}/externalsecrets`,
    );
    expect(body).toMatchObject({ kind: 'ExternalSecretList', apiVersion: 'external-secrets.io/v1beta1' });
    expect(valueAt(body, 'items', 0, 'apiVersion')).toBe('external-secrets.io/v1beta1');
  });

  it('are tables for who wants to print them', async () => {
    await world().kube.patchStatus(
      externalSecrets,
      { namespace, name: 'one' },
      {
        status: { conditions: [{ type: 'Ready', status: 'True', reason: 'SecretSynced' }] },
      },
    );
    const path = `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets`;
    const { body } = await world().raw.send(path, { accept: tableType });
    expect(body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    const columns = valueAt(body, 'columnDefinitions');
    expect(Array.isArray(columns) && columns.map((column) => textAt(column, 'name'))).toEqual([
      'Name',
      'StoreType',
      'Store',
      'Refresh Interval',
      'Status',
      'Ready',
      'Last Sync',
    ]);
    const cells = [0, 1].map((row) => valueAt(body, 'rows', row, 'cells'));
    expect(cells).toEqual([
      ['one', null, 'one', '1h0m0s', 'SecretSynced', 'True', null],
      ['two', null, 'two', '1h0m0s', null, null, null],
    ]);
    expect(valueAt(body, 'rows', 0, 'object')).toMatchObject({
      kind: 'PartialObjectMetadata',
      metadata: { name: 'one' },
    });
  });

  it('of built-in kinds are tables as well', async () => {
    const { body } = await world().raw.send(`/api/v1/namespaces/${namespace}/secrets/a`, { accept: tableType });
    expect(valueAt(body, 'rows', 0, 'cells')).toEqual(['a', 'Opaque', 1, expect.stringMatching(/^\d+s$/)]);
  });

  it('of an exact past moment can be had', async () => {
    const { kube, raw } = world();
    const before = await kube.list(configMaps, { namespace });
    await kube.create(configMaps, { metadata: { namespace, name: 'later' } });
    const query = `resourceVersion=${before.resourceVersion}&resourceVersionMatch=Exact`;
    const { body } = await raw.send(`/api/v1/namespaces/${namespace}/configmaps?${query}`);
    expect(JSON.stringify(body)).not.toContain('"later"');
    expect(textAt(body, 'metadata', 'resourceVersion')).toBe(before.resourceVersion);
  });

  it('of a moment that has not come are refused as a timeout', async () => {
    const path = `/api/v1/namespaces/${namespace}/configmaps?resourceVersion=99999999999&resourceVersionMatch=NotOlderThan`;
    const { status, body } = await world().raw.send(path);
    expect(status).toBe(504);
    expect(body).toMatchObject({ reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } });
  });

  it('are deleted as a whole by a selector', async () => {
    const own = await world().createNamespace();
    const { kube, raw } = world();
    for (const name of ['x', 'y', 'z']) {
      await kube.create(configMaps, {
        metadata: { namespace: own, name, labels: { keep: name === 'z' ? 'yes' : 'no' } },
      });
    }
    await raw.send(`/api/v1/namespaces/${own}/configmaps?labelSelector=keep%3Dno`, { method: 'DELETE' });
    const { items } = await kube.list(configMaps, { namespace: own, labelSelector: 'keep' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['z']);
  });
});
