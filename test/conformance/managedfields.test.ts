/** Who wrote which fields, by updates and by server-side apply. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import { externalSecrets } from '../../src/api/resources.ts';
import { configMaps, type Secret, secrets } from '../../src/kube/resources.ts';
import { textAt, valueAt } from '../support/rawclient.ts';
import { describeWorld, type World } from '../support/world.ts';

/** Their times are of whole seconds. */
const resolutionMs = 1_100;

describeWorld('managed fields', (world) => {
  it('of a new Secret name everything that was written', async () => {
    const name = await newName(world());
    await world().kube.create(
      secrets,
      { metadata: { ...name, labels: { app: 'web' }, annotations: { note: 'x' } }, data: { a: 'YQ==' } },
      { fieldManager: 'one' },
    );
    const [entry, ...others] = await entriesOf(world(), name);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ manager: 'one', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1' });
    expect(entry?.fieldsV1).toEqual({
      'f:data': { '.': {}, 'f:a': {} },
      'f:metadata': { 'f:annotations': { '.': {}, 'f:note': {} }, 'f:labels': { '.': {}, 'f:app': {} } },
      'f:type': {},
    });
  });

  it('begin with the name in the user agent when no manager is named', async () => {
    const name = await newName(world());
    await world().kube.create(secrets, { metadata: name, data: { a: 'YQ==' } });
    expect((await entriesOf(world(), name)).map(({ manager }) => manager)).toEqual(['test']);
  });

  it('go over to who changes a value, and stay with who wrote the others', async () => {
    const name = await newName(world());
    const { kube } = world();
    await kube.create(secrets, { metadata: name, data: { a: 'YQ==', b: 'Yg==' } }, { fieldManager: 'one' });
    await kube.mergePatch(secrets, name, { data: { b: 'Yw==', c: 'Yw==' } }, { fieldManager: 'two' });
    expect(await dataOwners(world(), name)).toEqual({ one: ['.', 'f:a'], two: ['f:b', 'f:c'] });
  });

  it('stay with who wrote a value when another writes the same', async () => {
    const name = await newName(world());
    const { kube } = world();
    await kube.create(secrets, { metadata: name, data: { a: 'YQ==' } }, { fieldManager: 'one' });
    await kube.replace(secrets, { metadata: name, data: { a: 'YQ==', b: 'Yg==' } }, { fieldManager: 'two' });
    expect(await dataOwners(world(), name)).toEqual({ one: ['.', 'f:a'], two: ['f:b'] });
  });

  it('forget what is removed, whoever wrote it', async () => {
    const name = await newName(world());
    const { kube } = world();
    await kube.create(secrets, { metadata: name, data: { a: 'YQ==', b: 'Yg==' } }, { fieldManager: 'one' });
    await kube.replace(secrets, { metadata: name, data: { b: 'Yg==' } }, { fieldManager: 'two' });
    expect(await dataOwners(world(), name)).toEqual({ one: ['.', 'f:b'] });
  });

  it('tell when their manager last changed something, be it only a value', async () => {
    const name = await newName(world());
    const { kube } = world();
    const applyAs = (fieldManager: string, data: Readonly<Record<string, string>>): Promise<unknown> =>
      kube.applyPatch(secrets, { metadata: name, data } as Secret, { fieldManager, force: true });
    const times = async () =>
      Object.fromEntries((await entriesOf(world(), name)).map(({ manager = '', time = '' }) => [manager, time]));
    await kube.create(secrets, { metadata: name, data: { a: 'YQ==', b: 'Yg==' } }, { fieldManager: 'updates' });
    await applyAs('applies', { c: 'Yw==', d: 'ZA==' });
    const first = await times();
    await sleep(resolutionMs);
    await applyAs('applies', { c: 'Yw==', d: 'ZA==' });
    await kube.mergePatch(secrets, name, { data: { a: 'YQ==' } }, { fieldManager: 'updates' });
    expect(await times()).toEqual(first);
    await applyAs('applies', { c: 'ZA==', d: 'ZA==' });
    const second = await times();
    expect(second).toEqual({ updates: first['updates'], applies: expect.not.stringMatching(first['applies'] ?? '') });
    await sleep(resolutionMs);
    await kube.mergePatch(secrets, name, { data: { a: 'Yg==' } }, { fieldManager: 'updates' });
    expect(await times()).toEqual({ ...second, updates: expect.not.stringMatching(second['updates'] ?? '') });
  });

  it('tell owners and finalizers apart by what they are', async () => {
    const name = await newName(world());
    const owner = {
      apiVersion: 'v1',
      kind: 'Namespace',
      name: name.namespace,
      uid: await uidOf(world(), name.namespace),
    };
    await world().kube.create(
      configMaps,
      { metadata: { ...name, ownerReferences: [owner], finalizers: ['example.com/a'] } },
      { fieldManager: 'one' },
    );
    const { metadata } = await world().kube.get(configMaps, name);
    expect(metadata.managedFields?.[0]?.fieldsV1).toEqual({
      'f:metadata': {
        'f:finalizers': { '.': {}, 'v:"example.com/a"': {} },
        'f:ownerReferences': { '.': {}, [`k:{"uid":"${owner.uid}"}`]: {} },
      },
    });
    await world().kube.mergePatch(configMaps, name, { metadata: { finalizers: null } });
  });

  it('of custom kinds follow their schema, the status apart from the rest', async () => {
    const name = await newName(world());
    const { kube } = world();
    const spec = { secretStoreRef: { name: 's' }, data: [{ secretKey: 'a', remoteRef: { key: 'k' } }] };
    // The server defaults the rest of the type.
    await kube.create(externalSecrets, { metadata: name, spec } as never, { fieldManager: 'one' });
    await kube.patchStatus(
      externalSecrets,
      name,
      { status: { refreshTime: '2020-01-01T00:00:00Z' } },
      { fieldManager: 'one' },
    );
    const { metadata } = await kube.get(externalSecrets, name);
    const entries = metadata.managedFields ?? [];
    expect(entries.find(({ subresource }) => subresource === undefined)).toMatchObject({
      manager: 'one',
      apiVersion: 'external-secrets.io/v1',
      fieldsV1: {
        'f:spec': {
          '.': {},
          'f:data': {},
          'f:refreshInterval': {},
          'f:secretStoreRef': { '.': {}, 'f:name': {} },
          'f:target': { '.': {}, 'f:creationPolicy': {}, 'f:deletionPolicy': {} },
        },
      },
    });
    expect(entries.find(({ subresource }) => subresource === 'status')).toMatchObject({
      manager: 'one',
      operation: 'Update',
      fieldsV1: { 'f:status': { '.': {}, 'f:refreshTime': {} } },
    });
  });

  it('can be wiped by who sends an empty list', async () => {
    const name = await newName(world());
    await world().kube.create(secrets, { metadata: name, data: { a: 'YQ==' } });
    await world().kube.mergePatch(secrets, name, { metadata: { managedFields: [{}] } });
    expect(await entriesOf(world(), name)).toEqual([]);
  });
});

describeWorld('server-side apply', (world) => {
  it('creates what is not there', async () => {
    const name = await newName(world());
    await apply(world(), name, 'one', { data: { a: 'YQ==' } });
    expect(await world().kube.get(secrets, name)).toMatchObject({ data: { a: 'YQ==' }, type: 'Opaque' });
    expect(await entriesOf(world(), name)).toMatchObject([
      { manager: 'one', operation: 'Apply', fieldsV1: { 'f:data': { 'f:a': {} } } },
    ]);
  });

  it('removes what its manager no longer names, and nothing of others', async () => {
    const name = await newName(world());
    await apply(world(), name, 'one', { data: { a: 'YQ==', b: 'Yg==' } });
    await world().kube.mergePatch(secrets, name, { data: { c: 'Yw==' } }, { fieldManager: 'two' });
    await apply(world(), name, 'one', { data: { b: 'Yg==' } });
    expect((await world().kube.get(secrets, name)).data).toEqual({ b: 'Yg==', c: 'Yw==' });
  });

  it('keeps a field that two managers apply until both let go', async () => {
    const name = await newName(world());
    await apply(world(), name, 'one', { data: { a: 'YQ==' } });
    await apply(world(), name, 'two', { data: { a: 'YQ==', b: 'Yg==' } });
    await apply(world(), name, 'one', {});
    expect((await world().kube.get(secrets, name)).data).toEqual({ a: 'YQ==', b: 'Yg==' });
    await apply(world(), name, 'two', { data: { b: 'Yg==' } });
    expect((await world().kube.get(secrets, name)).data).toEqual({ b: 'Yg==' });
  });

  it('does not take a field from another manager, unless it is forced to', async () => {
    const name = await newName(world());
    await world().kube.create(secrets, { metadata: name, data: { a: 'YQ==' } }, { fieldManager: 'owner' });
    const refused = await apply(world(), name, 'one', { data: { a: 'Yg==' } });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      reason: 'Conflict',
      details: {
        causes: [{ reason: 'FieldManagerConflict', field: '.data.a', message: 'conflict with "owner" using v1' }],
      },
    });
    expect(textAt(refused.body, 'message')).toContain(
      'Apply failed with 1 conflict: conflict with "owner" using v1: .data.a',
    );
    await apply(world(), name, 'one', { data: { a: 'Yg==' } }, '&force=true');
    expect((await world().kube.get(secrets, name)).data).toEqual({ a: 'Yg==' });
    expect(await dataOwners(world(), name)).toEqual({ one: ['f:a'] });
  });

  it('changes nothing when nothing is new', async () => {
    const name = await newName(world());
    const first = await apply(world(), name, 'one', { data: { a: 'YQ==' } });
    const second = await apply(world(), name, 'one', { data: { a: 'YQ==' } });
    expect(textAt(second.body, 'metadata', 'resourceVersion')).toBe(textAt(first.body, 'metadata', 'resourceVersion'));
    expect([first.status, second.status]).toEqual([201, 200]);
  });

  it('merges lists that are maps or sets', async () => {
    const name = await newName(world());
    const uid = await uidOf(world(), name.namespace);
    const owner = { apiVersion: 'v1', kind: 'Namespace', name: name.namespace, uid };
    await apply(world(), name, 'one', { metadata: { finalizers: ['example.com/a'] } });
    await apply(world(), name, 'two', { metadata: { finalizers: ['example.com/b'], ownerReferences: [owner] } });
    const { metadata } = await world().kube.get(secrets, name);
    expect(metadata.finalizers).toEqual(['example.com/a', 'example.com/b']);
    await apply(world(), name, 'two', {});
    const after = await world().kube.get(secrets, name);
    expect(after.metadata.finalizers).toEqual(['example.com/a']);
    expect(after.metadata.ownerReferences ?? []).toEqual([]);
    await apply(world(), name, 'one', {});
  });

  it('of custom kinds owns what was applied, not what was defaulted', async () => {
    const name = await newName(world());
    const path = `/apis/external-secrets.io/v1/namespaces/${name.namespace}/externalsecrets/${name.name}?fieldManager=one`;
    const kind = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret' };
    const send = (spec: object, query = '') =>
      world().raw.send(path + query, {
        method: 'PATCH',
        contentType: 'application/apply-patch+yaml',
        body: { ...kind, metadata: { name: name.name }, spec },
      });
    const { body } = await send({ secretStoreRef: { name: 's' }, target: { name: 't' } });
    expect(valueAt(body, 'spec', 'target')).toEqual({ name: 't', creationPolicy: 'Owner', deletionPolicy: 'Retain' });
    expect(valueAt(body, 'metadata', 'managedFields', 0)).toMatchObject({
      operation: 'Apply',
      fieldsV1: { 'f:spec': { 'f:secretStoreRef': { 'f:name': {} }, 'f:target': { 'f:name': {} } } },
    });
    const second = await send({ secretStoreRef: { name: 's' } });
    expect(valueAt(second.body, 'spec', 'target', 'name')).toBeUndefined();
    const typo = await send({ secretStoreRef: { nam: 's' } }, '&fieldValidation=Ignore');
    expect(typo.status).toBe(500);
    expect(textAt(typo.body, 'message')).toContain('.spec.secretStoreRef.nam: field not declared in schema');
  });

  it('takes maps away with the last of their fields', async () => {
    const name = await newName(world());
    const path = `/apis/external-secrets.io/v1/namespaces/${name.namespace}/secretstores/${name.name}?fieldManager=one`;
    const store = { apiVersion: 'external-secrets.io/v1', kind: 'SecretStore', metadata: { name: name.name } };
    const send = (auth: object) =>
      world().raw.send(path, {
        method: 'PATCH',
        contentType: 'application/apply-patch+yaml',
        body: { ...store, spec: { provider: { vault: { server: 'https://v', auth } } } },
      });
    await send({ appRole: { path: 'approle', roleId: 'r', secretRef: { name: 's', key: 'k' } } });
    const { body } = await send({ tokenSecretRef: { name: 's', key: 'k' } });
    expect(valueAt(body, 'spec', 'provider', 'vault', 'auth')).toEqual({ tokenSecretRef: { name: 's', key: 'k' } });
  });

  it.each([
    [
      'another name',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b' } },
      'fieldManager=one',
      400,
      'does not match the name on the URL',
    ],
    ['no name', { apiVersion: 'v1', kind: 'Secret' }, 'fieldManager=one', 400, 'name must be provided'],
    ['no kind', { metadata: { name: 'a' } }, 'fieldManager=one', 400, ''],
    [
      'no manager',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } },
      '',
      422,
      'fieldManager: Required value: is required for apply patch',
    ],
  ])('refuses %s', async (_, body, query, status, message) => {
    const path = `/api/v1/namespaces/default/secrets/a?${query}`;
    const contentType = 'application/apply-patch+yaml';
    const answer = await world().raw.send(path, { method: 'PATCH', contentType, body });
    expect(answer.status).toBe(status);
    expect(textAt(answer.body, 'message')).toContain(message);
  });

  it('alone can be forced', async () => {
    const name = await newName(world());
    await world().kube.create(secrets, { metadata: name });
    const path = `/api/v1/namespaces/${name.namespace}/secrets/a?force=true`;
    const answer = await world().raw.send(path, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: {},
    });
    expect(answer.status).toBe(422);
    expect(textAt(answer.body, 'message')).toContain('force: Forbidden: may not be specified for non-apply patch');
  });

  it('takes YAML', async () => {
    const name = await newName(world());
    const body = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name.name}\nstringData:\n  a: text\n`;
    const path = `/api/v1/namespaces/${name.namespace}/secrets/${name.name}?fieldManager=one`;
    await world().raw.send(path, { method: 'PATCH', contentType: 'application/apply-patch+yaml', body });
    expect((await world().kube.get(secrets, name)).data).toEqual({ a: Buffer.from('text').toString('base64') });
  });
});

interface Name {
  readonly namespace: string;
  readonly name: string;
}

async function newName(world: World): Promise<Name> {
  return { namespace: await world.createNamespace(), name: 'a' };
}

async function entriesOf(world: World, name: Name) {
  return (await world.kube.get(secrets, name)).metadata.managedFields ?? [];
}

/** The edges below `f:data` of each manager. */
async function dataOwners(world: World, name: Name): Promise<Readonly<Record<string, readonly string[]>>> {
  const entries = await entriesOf(world, name);
  const owners = entries.map(({ manager = '', fieldsV1 }) => {
    return [manager, Object.keys(Object(valueAt(fieldsV1, 'f:data'))).sort()] as const;
  });
  return Object.fromEntries(owners.filter(([, edges]) => edges.length > 0));
}

function apply(world: World, { namespace, name }: Name, manager: string, content: object, query = '') {
  const { metadata = {}, ...rest } = content as Partial<KubeObject>;
  const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name, ...metadata }, ...rest };
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}?fieldManager=${manager}${query}`;
  return world.raw.send(path, { method: 'PATCH', contentType: 'application/apply-patch+yaml', body });
}

async function uidOf(world: World, namespace: string): Promise<string> {
  const { body } = await world.raw.send(`/api/v1/namespaces/${namespace}`);
  return textAt(body, 'metadata', 'uid');
}
