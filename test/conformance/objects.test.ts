/** Creating, reading, replacing and deleting objects, and who may do it when. */
import { expect, it } from 'vitest';
import { isAlreadyExists, isConflict, isNotFound } from '../../src/kube/errors.ts';
import { configMaps, leases, namespaces, secrets } from '../../src/kube/resources.ts';
import { textAt, valueAt } from '../support/rawclient.ts';
import { describeWorld } from '../support/world.ts';

describeWorld('objects', (world) => {
  it('are stored with what the server adds, and read as they were written', async () => {
    const namespace = await world().createNamespace();
    const written = await world().kube.create(secrets, {
      metadata: { namespace, name: 'a', labels: { app: 'web' } },
      data: { key: 'dmFsdWU=' },
    });
    const read = await world().kube.get(secrets, { namespace, name: 'a' });
    expect(read).toMatchObject({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      data: { key: 'dmFsdWU=' },
      metadata: { name: 'a', namespace, labels: { app: 'web' }, uid: written.metadata.uid },
    });
    expect(read.metadata.resourceVersion).toBe(written.metadata.resourceVersion);
    expect(read.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(read.metadata.generation).toBeUndefined();
  });

  it('are refused a second time under the same name', async () => {
    const namespace = await world().createNamespace();
    const object = { metadata: { namespace, name: 'a' } };
    await world().kube.create(configMaps, object);
    const again = world().kube.create(configMaps, object);
    await expect(again).rejects.toSatisfy(isAlreadyExists);
    await expect(again).rejects.toThrow('configmaps "a" already exists');
  });

  it('are not found when they are not there', async () => {
    const missing = world().kube.get(secrets, { namespace: 'default', name: 'nobody' });
    await expect(missing).rejects.toSatisfy(isNotFound);
    await expect(missing).rejects.toThrow('secrets "nobody" not found');
  });

  it('need a namespace that exists', async () => {
    const lost = world().kube.create(secrets, { metadata: { namespace: 'nowhere', name: 'a' } });
    await expect(lost).rejects.toThrow('namespaces "nowhere" not found');
  });

  it('get a name of their own when they ask for one', async () => {
    const namespace = await world().createNamespace();
    const object = { metadata: { namespace, generateName: 'piece-' } };
    const [first, second] = [await world().kube.create(secrets, object), await world().kube.create(secrets, object)];
    expect(first.metadata.name).toMatch(/^piece-[a-z0-9]{5}$/);
    expect(second.metadata.name).not.toBe(first.metadata.name);
  });

  it('are replaced only by who has seen the last version', async () => {
    const namespace = await world().createNamespace();
    const metadata = { namespace, name: 'a' };
    const first = await world().kube.create(configMaps, { metadata, data: { n: '1' } });
    const version = { ...metadata, resourceVersion: first.metadata.resourceVersion ?? '' };
    await world().kube.replace(configMaps, { metadata: version, data: { n: '2' } });
    const late = world().kube.replace(configMaps, { metadata: version, data: { n: '3' } });
    await expect(late).rejects.toSatisfy(isConflict);
    await expect(late).rejects.toThrow('the object has been modified');
    expect((await world().kube.get(configMaps, metadata)).data).toEqual({ n: '2' });
  });

  it('keep their version when a write changes nothing', async () => {
    const namespace = await world().createNamespace();
    const metadata = { namespace, name: 'a' };
    await world().kube.create(configMaps, { metadata, data: { n: '1' } });
    const first = await world().kube.replace(configMaps, { metadata, data: { n: '1' } });
    const second = await world().kube.replace(configMaps, { metadata, data: { n: '1' } });
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  it('of some kinds are overwritten without a version, of others never', async () => {
    const namespace = await world().createNamespace();
    const metadata = { namespace, name: 'a' };
    await world().kube.create(secrets, { metadata });
    await world().kube.replace(secrets, { metadata, data: { a: 'YQ==' } });
    await world().kube.create(leases, { metadata, spec: { holderIdentity: 'me' } });
    const blind = world().kube.replace(leases, { metadata, spec: { holderIdentity: 'you' } });
    await expect(blind).rejects.toThrow(
      'leases.coordination.k8s.io "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
  });

  it('that are gone are made again by an update of some kinds, and not of others', async () => {
    const namespace = await world().createNamespace();
    const metadata = { namespace, name: 'gone', resourceVersion: '5' };
    await world().kube.replace(leases, { metadata, spec: { holderIdentity: 'me' } });
    expect((await world().kube.get(leases, metadata)).spec?.holderIdentity).toBe('me');
    await expect(world().kube.replace(secrets, { metadata })).rejects.toSatisfy(isNotFound);
  });

  it('are deleted only while they are who the client thinks they are', async () => {
    const namespace = await world().createNamespace();
    const name = { namespace, name: 'a' };
    const { metadata } = await world().kube.create(secrets, { metadata: name });
    const stale = world().kube.delete(secrets, name, { uid: '00000000-0000-0000-0000-000000000000' });
    await expect(stale).rejects.toSatisfy(isConflict);
    await expect(stale).rejects.toThrow('does not match the UID in record');
    await world().kube.delete(secrets, name, { uid: metadata.uid ?? '' });
    await expect(world().kube.get(secrets, name)).rejects.toSatisfy(isNotFound);
  });

  it('say in a status what was deleted', async () => {
    const namespace = await world().createNamespace();
    const { metadata } = await world().kube.create(secrets, { metadata: { namespace, name: 'a' } });
    const { body } = await world().raw.send(`/api/v1/namespaces/${namespace}/secrets/a`, { method: 'DELETE' });
    expect(body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'a', kind: 'secrets', uid: metadata.uid },
    });
  });

  it('stay as long as a finalizer holds them', async () => {
    const namespace = await world().createNamespace();
    const name = { namespace, name: 'a' };
    await world().kube.create(secrets, { metadata: { ...name, finalizers: ['example.com/hold'] } });
    await world().kube.delete(secrets, name);
    const held = await world().kube.get(secrets, name);
    expect(held.metadata.deletionTimestamp).toBeDefined();
    const added = { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } };
    await expect(world().kube.mergePatch(secrets, name, added)).rejects.toThrow('no new finalizers can be added');
    await world().kube.mergePatch(secrets, name, { metadata: { finalizers: null } });
    await expect(world().kube.get(secrets, name)).rejects.toSatisfy(isNotFound);
  });

  it('are only tried out in a dry run', async () => {
    const namespace = await world().createNamespace();
    const name = { namespace, name: 'a' };
    const tried = await world().kube.create(secrets, { metadata: name }, { dryRun: true });
    expect(tried.metadata.uid).toBeDefined();
    await expect(world().kube.get(secrets, name)).rejects.toSatisfy(isNotFound);
    const bad = { metadata: { ...name, name: 'No' } };
    await expect(world().kube.create(secrets, bad, { dryRun: true })).rejects.toThrow('is invalid');
  });

  it.each([
    [
      'a bad name',
      { metadata: { name: 'A_b' } },
      'metadata.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain',
    ],
    ['no name', { metadata: {} }, 'name or generateName is required'],
    ['a bad label', { metadata: { name: 'a', labels: { x: 'a b' } } }, 'metadata.labels: Invalid value: "a b"'],
    [
      'a bad annotation',
      { metadata: { name: 'a', annotations: { 'a b': '' } } },
      'metadata.annotations: Invalid value',
    ],
    [
      'an owner without uid',
      ownedBy({ uid: '' }),
      'metadata.ownerReferences[0].uid: Required value: must not be empty',
    ],
  ])('with %s are refused', async (_, object, message) => {
    const { status, body } = await world().raw.send('/api/v1/namespaces/default/secrets', {
      method: 'POST',
      body: object,
    });
    expect(status).toBe(422);
    expect(body).toMatchObject({ kind: 'Status', status: 'Failure', reason: 'Invalid', code: 422 });
    expect(textAt(body, 'message')).toContain(message);
    expect(valueAt(body, 'details', 'causes', 0, 'field')).toMatch(/^metadata\./);
  });

  it.each([
    ['another kind', { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' } }],
    ['another namespace', { metadata: { name: 'a', namespace: 'kube-system' } }],
    ['values that are not base64', { metadata: { name: 'a' }, data: { a: '%' } }],
  ])('that come with %s are a bad request', async (_, body) => {
    const answer = await world().raw.send('/api/v1/namespaces/default/secrets', { method: 'POST', body });
    expect(answer.status).toBe(400);
  });

  it.each([
    ['another name', { metadata: { name: 'b' } }, 'does not match the name on the URL (a)'],
    ['no name', { metadata: {} }, 'name must be provided'],
  ])('that are replaced under %s are a bad request', async (_, body, message) => {
    for (const collection of [
      '/api/v1/namespaces/default/secrets',
      '/apis/coordination.k8s.io/v1/namespaces/default/leases',
    ]) {
      const answer = await world().raw.send(`${collection}/a`, { method: 'PUT', body });
      expect(answer.status).toBe(400);
      expect(textAt(answer.body, 'message')).toContain(message);
    }
  });

  it('of unknown kinds are not found', async () => {
    const { status, body } = await world().raw.send('/apis/example.com/v1/things');
    expect(status).toBe(404);
    expect(textAt(body, 'message') || body).toMatch(/could not find the requested resource|404 page not found/);
  });

  it('of a terminating namespace take no company', async () => {
    const namespace = await world().createNamespace();
    const held = { metadata: { namespace, name: 'held', finalizers: ['example.com/hold'] } };
    await world().kube.create(configMaps, held);
    await world().kube.delete(namespaces, { name: namespace });
    expect(await world().kube.get(namespaces, { name: namespace })).toMatchObject({ status: { phase: 'Terminating' } });
    const { status, body } = await world().raw.send(`/api/v1/namespaces/${namespace}/secrets`, {
      method: 'POST',
      body: { metadata: { name: 'late' } },
    });
    expect(status).toBe(403);
    expect(body).toMatchObject({ reason: 'Forbidden', details: { causes: [{ reason: 'NamespaceTerminating' }] } });
    await world().kube.mergePatch(configMaps, { namespace, name: 'held' }, { metadata: { finalizers: null } });
  });
});

function ownedBy(changes: object): object {
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'u', ...changes };
  return { metadata: { name: 'a', ownerReferences: [owner] } };
}
