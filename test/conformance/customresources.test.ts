/** Our kinds by their schemas: what is checked, filled in and dropped, and what counts as a change. */
import { expect, it } from 'vitest';
import { externalSecrets } from '../../src/api/resources.ts';
import { isInvalid } from '../../src/kube/errors.ts';
import { textAt, valueAt } from '../support/rawclient.ts';
import { describeWorld, type World } from '../support/world.ts';

const stored = 'external-secrets.io/v1';
const old = 'external-secrets.io/v1beta1';

describeWorld('custom resources', (world) => {
  it('get the defaults of their schema', async () => {
    const namespace = await world().createNamespace();
    const { body } = await post(world(), namespace, externalSecret({ secretStoreRef: { name: 's' } }));
    expect(valueAt(body, 'spec')).toEqual({
      secretStoreRef: { name: 's' },
      refreshInterval: '1h0m0s',
      target: { creationPolicy: 'Owner', deletionPolicy: 'Retain' },
    });
  });

  it('lose nulls that may not be', async () => {
    const namespace = await world().createNamespace();
    const { status, body } = await post(world(), namespace, externalSecret({ data: null, refreshInterval: null }));
    expect(status).toBe(201);
    expect(valueAt(body, 'spec', 'data')).toBeUndefined();
    expect(valueAt(body, 'spec', 'refreshInterval')).toBe('1h0m0s');
  });

  it('lose what their schema does not have, with a warning', async () => {
    const namespace = await world().createNamespace();
    const wrong = externalSecret({ secretStoreRef: { name: 's', colour: 'red' }, shape: 'round' });
    const { status, headers, body } = await post(world(), namespace, wrong);
    expect(status).toBe(201);
    expect(valueAt(body, 'spec', 'shape')).toBeUndefined();
    expect(valueAt(body, 'spec', 'secretStoreRef')).toEqual({ name: 's' });
    expect(headers['warning']).toContain('unknown field \\"spec.shape\\"');
    expect(headers['warning']).toContain('unknown field \\"spec.secretStoreRef.colour\\"');
  });

  it('are refused for it when validation is strict', async () => {
    const namespace = await world().createNamespace();
    const { status, body } = await post(
      world(),
      namespace,
      externalSecret({ shape: 'round' }),
      '?fieldValidation=Strict',
    );
    expect(status).toBe(400);
    expect(textAt(body, 'message')).toContain(
      'cannot be handled as a ExternalSecret: strict decoding error: unknown field "spec.shape"',
    );
  });

  it.each([
    [
      'a value of another type',
      { refreshInterval: 5 },
      'spec.refreshInterval',
      'FieldValueTypeInvalid',
      'must be of type string: "integer"',
    ],
    [
      'a value outside an enum',
      { target: { creationPolicy: 'Mine' } },
      'spec.target.creationPolicy',
      'FieldValueNotSupported',
      'Unsupported value: "Mine": supported values: "Owner"',
    ],
    [
      'a missing member',
      { data: [{ remoteRef: { key: 'k' } }] },
      'spec.data[0].secretKey',
      'FieldValueRequired',
      'Required value',
    ],
    [
      'a text that is too short',
      { secretStoreRef: { name: '' } },
      'spec.secretStoreRef.name',
      'FieldValueInvalid',
      'should be at least 1 chars long',
    ],
    [
      'a text that is too long',
      { secretStoreRef: { name: 'a'.repeat(254) } },
      'spec.secretStoreRef.name',
      'FieldValueTooLong',
      'may not be more than 253 bytes',
    ],
    [
      'a text of another pattern',
      { secretStoreRef: { name: 'A' } },
      'spec.secretStoreRef.name',
      'FieldValueInvalid',
      'should match',
    ],
    [
      'a list that is too short',
      { syncWindows: { kind: 'allow', windows: [] } },
      'spec.syncWindows.windows',
      'FieldValueInvalid',
      'should have at least 1 items',
    ],
    [
      'an object instead of a list',
      { data: {} },
      'spec.data',
      'FieldValueTypeInvalid',
      'must be of type array: "object"',
    ],
  ])('are refused for %s', async (_, spec, field, reason, message) => {
    const { status, body } = await post(world(), 'default', externalSecret(spec));
    expect(status).toBe(422);
    expect(body).toMatchObject({
      reason: 'Invalid',
      details: { group: 'external-secrets.io', kind: 'ExternalSecret' },
    });
    expect(textAt(body, 'message')).toContain(`ExternalSecret.external-secrets.io "es" is invalid: ${field}: `);
    expect(valueAt(body, 'details', 'causes', 0)).toMatchObject({ field, reason });
    expect(textAt(body, 'details', 'causes', 0, 'message')).toContain(message);
  });

  it('are refused when an exclusive choice is made twice or not at all', async () => {
    const two = store({ fake: { data: [] }, kubernetes: {} });
    expect(textAt((await postStore(world(), two)).body, 'message')).toContain('Too many: 2: must have at most 1 item');
    const none = store({});
    expect(textAt((await postStore(world(), none)).body, 'message')).toContain('should have at least 1 properties');
  });

  it('are the same object in every version', async () => {
    const namespace = await world().createNamespace();
    const spec = { secretStoreRef: { name: 's' }, data: [{ secretKey: 'a', remoteRef: { key: 'k' } }] };
    const { status, headers } = await post(world(), namespace, { ...externalSecret(spec), apiVersion: old }, '', old);
    expect(status).toBe(201);
    expect(headers['warning']).toContain('v1beta1');
    const answer = await world().raw.send(`/apis/${stored}/namespaces/${namespace}/externalsecrets/es`);
    expect(answer.headers['warning']).toBeUndefined();
    expect(answer.body).toMatchObject({ apiVersion: stored, kind: 'ExternalSecret' });
    // v1beta1 has defaults that v1 has not; what was filled in stays.
    expect(valueAt(answer.body, 'spec', 'data', 0, 'remoteRef')).toEqual({
      key: 'k',
      conversionStrategy: 'Default',
      decodingStrategy: 'None',
      metadataPolicy: 'None',
    });
    const again = await world().raw.send(`/apis/${old}/namespaces/${namespace}/externalsecrets/es`);
    expect(again.body).toMatchObject({ apiVersion: old, metadata: { uid: valueAt(answer.body, 'metadata', 'uid') } });
  });

  it('refuse an object of another version than the path', async () => {
    const { status, body } = await post(world(), 'default', { ...externalSecret({}), apiVersion: old });
    expect(status).toBe(400);
    expect(textAt(body, 'message')).toContain('does not match the expected API version');
  });

  it('count the changes of what is wanted, not of metadata', async () => {
    const namespace = await world().createNamespace();
    const name = { namespace, name: 'es' };
    const { kube } = world();
    await post(world(), namespace, externalSecret({ secretStoreRef: { name: 's' } }));
    const generation = async () => (await kube.get(externalSecrets, name)).metadata.generation;
    expect(await generation()).toBe(1);
    await kube.mergePatch(externalSecrets, name, { metadata: { labels: { a: 'b' } } });
    expect(await generation()).toBe(1);
    await kube.mergePatch(externalSecrets, name, { spec: { refreshInterval: '5m' } });
    expect(await generation()).toBe(2);
    await kube.mergePatch(externalSecrets, name, { spec: { refreshInterval: '5m' } });
    expect(await generation()).toBe(2);
  });

  it('keep status and spec apart', async () => {
    const namespace = await world().createNamespace();
    const name = { namespace, name: 'es' };
    const { kube } = world();
    const sent = {
      ...externalSecret({ secretStoreRef: { name: 's' } }),
      status: { refreshTime: '2020-01-01T00:00:00Z' },
    };
    expect(valueAt((await post(world(), namespace, sent)).body, 'status')).toBeUndefined();

    await kube.patchStatus(externalSecrets, name, {
      metadata: { labels: { smuggled: 'yes' } },
      spec: { refreshInterval: '5m' },
      status: { refreshTime: '2021-01-01T00:00:00Z' },
    });
    await kube.mergePatch(externalSecrets, name, { status: { refreshTime: '2022-01-01T00:00:00Z' } });
    const read = await kube.get(externalSecrets, name);
    expect(read.status).toEqual({ refreshTime: '2021-01-01T00:00:00Z' });
    expect(read.spec.refreshInterval).toBe('1h0m0s');
    expect(read.metadata.labels).toBeUndefined();
    expect(read.metadata.generation).toBe(1);
  });

  it('check the status as well', async () => {
    const namespace = await world().createNamespace();
    await post(world(), namespace, externalSecret({ secretStoreRef: { name: 's' } }));
    const wrong = world().kube.patchStatus(
      externalSecrets,
      { namespace, name: 'es' },
      { status: { refreshTime: 'soon' } },
    );
    await expect(wrong).rejects.toSatisfy(isInvalid);
    await expect(wrong).rejects.toThrow('refreshTime in body must be of type date-time: "soon"');
  });

  it('need a version to be replaced', async () => {
    const namespace = await world().createNamespace();
    const object = externalSecret({ secretStoreRef: { name: 's' } });
    await post(world(), namespace, object);
    const path = `/apis/${stored}/namespaces/${namespace}/externalsecrets/es`;
    const { status, body } = await world().raw.send(path, { method: 'PUT', body: object });
    expect(status).toBe(422);
    expect(textAt(body, 'message')).toContain(
      'metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
  });

  it('grow a generation when they are marked for deletion', async () => {
    const namespace = await world().createNamespace();
    const name = { namespace, name: 'es' };
    const held = externalSecret({ secretStoreRef: { name: 's' } }, { finalizers: ['example.com/hold'] });
    await post(world(), namespace, held);
    await world().kube.delete(externalSecrets, name);
    const { metadata } = await world().kube.get(externalSecrets, name);
    expect(metadata).toMatchObject({ generation: 2, deletionGracePeriodSeconds: 0 });
    await world().kube.mergePatch(externalSecrets, name, { metadata: { finalizers: [] } });
  });

  it('are served as soon as their definition says so, and gone with it', async () => {
    const plural = `things${crypto.randomUUID().slice(0, 4)}`;
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await world().applyObject(definitionOf(plural));
    await expect
      .poll(async () => (await world().raw.send(`${definitions}/${plural}.example.com`)).body, { timeout: 20_000 })
      .toMatchObject({
        status: {
          conditions: expect.arrayContaining([expect.objectContaining({ type: 'Established', status: 'True' })]),
          acceptedNames: { plural },
          storedVersions: ['v1'],
        },
      });
    const path = `/apis/example.com/v1/namespaces/default/${plural}`;
    await expect.poll(async () => (await world().raw.send(path)).status, { timeout: 20_000 }).toBe(200);
    const thing = { apiVersion: 'example.com/v1', kind: `K${plural}`, metadata: { name: 'a' }, size: 3 };
    expect((await world().raw.send(path, { method: 'POST', body: thing })).body).toMatchObject({ size: 3 });
    await world().raw.send(`${definitions}/${plural}.example.com`, { method: 'DELETE' });
    await expect.poll(async () => (await world().raw.send(path)).status, { timeout: 20_000 }).toBe(404);
  });
});

function externalSecret(spec: object, metadata: object = {}): object {
  return { apiVersion: stored, kind: 'ExternalSecret', metadata: { name: 'es', ...metadata }, spec };
}

function store(provider: object): object {
  return { apiVersion: stored, kind: 'SecretStore', metadata: { name: 'store' }, spec: { provider } };
}

function post(world: World, namespace: string, body: object, query = '', version = stored) {
  return world.raw.send(`/apis/${version}/namespaces/${namespace}/externalsecrets${query}`, { method: 'POST', body });
}

function postStore(world: World, body: object, query = '') {
  return world.raw.send(`/apis/${stored}/namespaces/default/secretstores${query}`, { method: 'POST', body });
}

function definitionOf(plural: string) {
  const kind = `K${plural}`;
  const schema = { openAPIV3Schema: { type: 'object', properties: { size: { type: 'integer' } } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural, kind },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
