/** The kinds of patch, and what is refused of them. */
import { expect, it } from 'vitest';
import { isConflict } from '../../src/kube/errors.ts';
import { configMaps, secrets, serviceAccounts } from '../../src/kube/resources.ts';
import { textAt, valueAt } from '../support/rawclient.ts';
import { describeWorld, type World } from '../support/world.ts';

const json = 'application/json-patch+json';
const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';

describeWorld('patches', (world) => {
  it('merge members, remove nulls and replace lists', async () => {
    const path = await configMap(world(), { data: { a: '1', b: '2' } });
    const { body } = await patch(world(), path, merge, { data: { a: null, c: '3' }, metadata: { labels: { x: 'y' } } });
    expect(body).toMatchObject({ data: { b: '2', c: '3' }, metadata: { labels: { x: 'y' } } });
    expect(valueAt(body, 'data', 'a')).toBeUndefined();
  });

  it('of a version that is past are a conflict', async () => {
    const namespace = await world().createNamespace();
    const { kube } = world();
    const name = { namespace, name: 'a' };
    const { metadata } = await kube.create(secrets, { metadata: name });
    await kube.mergePatch(secrets, name, { data: { a: 'YQ==' } });
    const { resourceVersion } = metadata;
    const late = kube.mergePatch(secrets, name, { metadata: { resourceVersion }, data: { a: 'Yg==' } });
    await expect(late).rejects.toSatisfy(isConflict);
  });

  it('run operations one after the other', async () => {
    const path = await configMap(world(), { data: { a: '1' } });
    const { status, body } = await patch(world(), path, json, [
      { op: 'test', path: '/data/a', value: '1' },
      { op: 'replace', path: '/data/a', value: 'one' },
      { op: 'add', path: '/metadata/annotations', value: { 'example.com/x': 'y', z: '' } },
      { op: 'remove', path: '/metadata/annotations/example.com~1x' },
      { op: 'add', path: '/data/d', value: '4' },
      { op: 'copy', from: '/data/d', path: '/data/e' },
      { op: 'move', from: '/data/d', path: '/data/f' },
      { op: 'add', path: '/metadata/finalizers', value: ['example.com/a'] },
      { op: 'add', path: '/metadata/finalizers/-', value: 'example.com/b' },
      { op: 'add', path: '/metadata/finalizers/0', value: 'example.com/c' },
      { op: 'remove', path: '/metadata/finalizers/1' },
    ]);
    expect(status).toBe(200);
    expect(valueAt(body, 'data')).toEqual({ a: 'one', e: '4', f: '4' });
    expect(valueAt(body, 'metadata', 'annotations')).toEqual({ z: '' });
    expect(valueAt(body, 'metadata', 'finalizers')).toEqual(['example.com/c', 'example.com/b']);
    await patch(world(), path, merge, { metadata: { finalizers: null } });
  });

  it.each([
    ['a test that fails', [{ op: 'test', path: '/data/a', value: '2' }]],
    ['a member that is not there', [{ op: 'remove', path: '/data/z' }]],
    ['a place beyond a list', [{ op: 'add', path: '/metadata/finalizers/7', value: 'example.com/a' }]],
    ['a place below nothing', [{ op: 'add', path: '/nothing/z', value: '1' }]],
  ])('with %s change nothing', async (_, operations) => {
    const path = await configMap(world(), { data: { a: '1' } });
    const { status } = await patch(world(), path, json, operations);
    expect(status).toBe(422);
    expect(valueAt((await world().raw.send(path)).body, 'data')).toEqual({ a: '1' });
  });

  it('of built-in kinds merge lists by their keys', async () => {
    const namespace = await world().createNamespace();
    const name = { namespace, name: 'robot' };
    await world().kube.create(serviceAccounts, { metadata: { ...name, finalizers: ['example.com/a'] } });
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/robot`;
    await patch(world(), path, strategic, { secrets: [{ name: 's1' }, { name: 's2' }] });
    const { body } = await patch(world(), path, strategic, {
      metadata: { finalizers: ['example.com/b'] },
      secrets: [{ $patch: 'delete', name: 's1' }, { name: 's3' }],
    });
    expect(valueAt(body, 'metadata', 'finalizers')).toEqual(expect.arrayContaining(['example.com/a', 'example.com/b']));
    expect(valueAt(body, 'secrets')).toEqual(expect.arrayContaining([{ name: 's2' }, { name: 's3' }]));
    expect(valueAt(body, 'secrets')).toHaveLength(2);
    const { body: rest } = await patch(world(), path, strategic, {
      metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a', 'example.com/b'] },
    });
    expect(valueAt(rest, 'metadata', 'finalizers') ?? []).toEqual([]);
  });

  it('of custom kinds have no strategy', async () => {
    const path = await externalSecret(world());
    const { status, body } = await patch(world(), path, strategic, { spec: { refreshInterval: '5m' } });
    expect(status).toBe(415);
    expect(body).toMatchObject({ reason: 'UnsupportedMediaType' });
    expect(textAt(body, 'message')).toContain(
      'accepted media types include: application/json-patch+json, application/merge-patch+json',
    );
  });

  it('cannot change who an object is', async () => {
    const path = await configMap(world(), {});
    const { status, body } = await patch(world(), path, merge, { metadata: { name: 'other' } });
    expect(status).toBe(400);
    expect(textAt(body, 'message')).toContain('does not match the name on the URL');
  });

  it('cannot change which object it is, and take no notice of that in the status of custom kinds', async () => {
    const uid = crypto.randomUUID();
    const { status, body } = await patch(world(), await configMap(world(), {}), merge, { metadata: { uid } });
    expect(status).toBe(422);
    expect(textAt(body, 'message')).toContain(`metadata.uid: Invalid value: "${uid}": field is immutable`);
    const path = `${await externalSecret(world())}/status`;
    const refreshTime = '2026-01-02T03:04:05Z';
    const { body: patched } = await patch(world(), path, merge, { metadata: { uid }, status: { refreshTime } });
    expect(patched).toMatchObject({ status: { refreshTime } });
    expect(valueAt(patched, 'metadata', 'uid')).not.toBe(uid);
    const operations = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'add', path: '/status', value: {} },
    ];
    expect((await patch(world(), path, json, operations)).status).toBe(422);
    const right = [{ ...operations[0], value: valueAt(patched, 'metadata', 'uid') }, operations[1]];
    const { body: emptied } = await patch(world(), path, json, right);
    expect(valueAt(emptied, 'status')).toEqual({});
  });

  it('of what is not there are not found', async () => {
    const { status } = await patch(world(), '/api/v1/namespaces/default/configmaps/nobody', merge, {});
    expect(status).toBe(404);
  });

  it('that are not JSON are a bad request', async () => {
    const path = await configMap(world(), {});
    const answer = await world().raw.send(path, { method: 'PATCH', contentType: merge, body: '{' });
    expect(answer.status).toBe(400);
  });
});

/** @returns its path */
async function externalSecret(world: World): Promise<string> {
  const namespace = await world.createNamespace();
  await world.apply(`
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata: {name: es, namespace: ${namespace}}
    spec: {secretStoreRef: {name: s}}
  `);
  return `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets/es`;
}

async function configMap(world: World, content: object): Promise<string> {
  const namespace = await world.createNamespace();
  await world.kube.create(configMaps, { metadata: { namespace, name: 'a' }, ...content });
  return `/api/v1/namespaces/${namespace}/configmaps/a`;
}

function patch(world: World, path: string, contentType: string, body: object) {
  return world.raw.send(path, { method: 'PATCH', contentType, body });
}
