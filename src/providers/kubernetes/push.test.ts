import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoreIdentity } from '../../provider/context.ts';
import type { PushRequest, SecretsWriter } from '../../provider/provider.ts';
import { connectForTest } from '../../provider/testing/connect.ts';
import { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { providerRejection } from '../../provider/testing/rejection.ts';
import { provider } from './index.ts';
import { type StoredSecret, TestApiServer } from './testing/apiserver.ts';

const never = new AbortController().signal;

let server: TestApiServer;
const closings: (() => Promise<void>)[] = [];

beforeEach(async () => {
  server = await TestApiServer.start();
});

afterEach(async () => {
  for (const close of closings.splice(0)) await close();
  await server.stop();
});

async function writer(store: Partial<StoreIdentity> = {}): Promise<SecretsWriter> {
  const objects = new MemoryObjects();
  objects.putSecret('test/credentials', { data: { token: 'a-token' } });
  const auth = { token: { bearerToken: { name: 'credentials', namespace: 'test', key: 'token' } } };
  const { client } = await connectForTest(
    provider,
    { server: { url: server.url }, auth, remoteNamespace: 'shared' },
    { objects, store },
  );
  closings.push(() => client.close());
  if (client.writer === undefined) throw new Error('no writer');
  return client.writer;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const metadata = (spec: object): object => ({
  apiVersion: 'kubernetes.external-secrets.io/v1alpha1',
  kind: 'PushSecretMetadata',
  spec,
});

async function push(
  request: Partial<PushRequest>,
  store: Partial<StoreIdentity> = {},
): Promise<StoredSecret | undefined> {
  await (await writer(store)).push(
    { remoteKey: 'db', property: 'password', value: bytes('hunter2'), ...request },
    never,
  );
  return server.get('shared/db');
}

function dataOf(secret: StoredSecret | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secret?.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

const whole = new Map([
  ['b', bytes('2')],
  ['a', bytes('1')],
]);

describe('pushing to Kubernetes', () => {
  it('makes a Secret, of the given type', async () => {
    const made = await push({});
    expect([made?.type, dataOf(made)]).toEqual(['Opaque', { password: 'hunter2' }]);
    await (await writer()).push({ remoteKey: 'tls', value: whole, secretType: 'kubernetes.io/tls' }, never);
    expect(server.get('shared/tls')?.type).toBe('kubernetes.io/tls');
  });

  it('replaces all data by a whole Secret', async () => {
    server.put({
      metadata: { namespace: 'shared', name: 'db', labels: { kept: 'yes' } },
      type: 'custom',
      data: { old: 'eA==' },
    });
    await (await writer()).push({ remoteKey: 'db', value: whole }, never);
    const secret = server.get('shared/db');
    expect(dataOf(secret)).toEqual({ a: '1', b: '2' });
    expect(secret).toMatchObject({ type: 'custom', metadata: { labels: { kept: 'yes' } } });
  });

  it('puts a whole Secret as JSON under a property', async () => {
    server.put({ metadata: { namespace: 'shared', name: 'db' }, data: { old: 'eA==' } });
    expect(dataOf(await push({ property: 'all', value: whole }))).toEqual({ old: 'x', all: '{"a":"1","b":"2"}' });
  });

  it('needs a property for the value of one key', async () => {
    const refused = await providerRejection(async () =>
      (await writer()).push({ remoteKey: 'db', value: bytes('x') }, never),
    );
    expect(refused.kind).toBe('invalid');
  });

  it('writes nothing when nothing changes', async () => {
    await push({ property: 'all', value: whole });
    const before = server.requests.length;
    await push({ property: 'all', value: whole });
    expect(server.requests.slice(before)).toEqual(['GET /api/v1/namespaces/shared/secrets/db by anybody']);
  });

  it('takes labels and annotations along, but no marks that mean something only where they are', async () => {
    const source = {
      labels: {
        app: 'shop',
        'reconcile.external-secrets.io/created-by': 'x',
        'reconcile.external-secrets.io/managed': 'true',
      },
      annotations: { note: 'n', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    };
    expect((await push({ source }))?.metadata).toMatchObject({ labels: { app: 'shop' }, annotations: { note: 'n' } });
    expect(Object.keys(server.get('shared/db')?.metadata.labels ?? {})).toEqual(['app']);
  });

  it.each([
    ['Merge', 'Merge', { there: '1', pushed: 'source', both: 'given', given: '1' }],
    ['Replace', 'Merge', { there: '1', both: 'given', given: '1' }],
    ['Merge', 'Replace', { pushed: 'source', both: 'given', given: '1' }],
    ['Replace', 'Replace', { both: 'given', given: '1' }],
    ['Merge', 'Ignore', { there: '1', both: 'there' }],
  ])(
    'merges labels by sourceMergePolicy %s and targetMergePolicy %s',
    async (sourceMergePolicy, targetMergePolicy, expected) => {
      server.put({ metadata: { namespace: 'shared', name: 'db', labels: { there: '1', both: 'there' } } });
      const source = { labels: { pushed: 'source', both: 'source' }, annotations: {} };
      const spec = { sourceMergePolicy, targetMergePolicy, labels: { given: '1', both: 'given' } };
      expect((await push({ source, metadata: metadata(spec) }))?.metadata.labels).toEqual(expected);
    },
  );

  it('writes to another namespace only on behalf of a ClusterSecretStore', async () => {
    const request = { metadata: metadata({ remoteNamespace: 'elsewhere' }) };
    expect((await providerRejection(() => push(request))).kind).toBe('invalid');
    await push(request, { kind: 'ClusterSecretStore' });
    expect(dataOf(server.get('elsewhere/db'))).toEqual({ password: 'hunter2' });
    expect(server.get('shared/db')).toBeUndefined();
  });

  it.each([
    [{ kind: 'PushSecretMetadata', spec: {} }, 'metadata.apiVersion'],
    [metadata({ unknown: 1 }), 'metadata.spec'],
    [metadata({ targetMergePolicy: 'Sometimes' }), 'metadata.spec.targetMergePolicy'],
    ['text', 'metadata'],
  ])('refuses the metadata %j', async (given, message) => {
    const refused = await providerRejection(() => push({ metadata: given }));
    expect(refused.kind).toBe('invalid');
    expect(refused.message).toContain(message);
  });

  it('decides anew when somebody else writes in between', async () => {
    server.put({ metadata: { namespace: 'shared', name: 'db' }, data: { old: 'eA==' } });
    let raced = false;
    server.intercept = (method) => {
      if (method === 'PUT' && !raced) {
        raced = true;
        server.put({ metadata: { namespace: 'shared', name: 'db' }, data: { theirs: 'eQ==' } });
      }
      return undefined;
    };
    expect(dataOf(await push({}))).toEqual({ theirs: 'y', password: 'hunter2' });
  });

  it('gives up when somebody else writes all the time', async () => {
    server.put({ metadata: { namespace: 'shared', name: 'db' }, data: { old: 'eA==' } });
    server.intercept = (method) =>
      method === 'PUT' ? { status: 409, reason: 'Conflict', message: 'conflict' } : undefined;
    expect((await providerRejection(() => push({}))).kind).toBe('unavailable');
    expect(server.requests.filter((request) => request.startsWith('PUT'))).toHaveLength(5);
  });

  it('says so when the namespace does not exist', async () => {
    server.intercept = (method) =>
      method === 'POST' ? { status: 404, reason: 'NotFound', message: 'namespaces "shared" not found' } : undefined;
    const refused = await providerRejection(() => push({}));
    expect(refused.message).toContain('namespaces "shared" not found');
  });

  it('deletes the Secret with its last property, and at once without a property', async () => {
    server.put({ metadata: { namespace: 'shared', name: 'one' }, data: { password: 'eA==' } });
    server.put({ metadata: { namespace: 'shared', name: 'many' }, data: { a: 'eA==', b: 'eQ==' } });
    const target = await writer();
    await target.delete({ remoteKey: 'one', property: 'absent' }, never);
    expect(server.get('shared/one')).toBeDefined();
    await target.delete({ remoteKey: 'one', property: 'password' }, never);
    expect(server.get('shared/one')).toBeUndefined();
    await target.delete({ remoteKey: 'many' }, never);
    expect(server.get('shared/many')).toBeUndefined();
  });
});

describe('names of Secrets', () => {
  it('cannot lead to another path of the API', async () => {
    const target = await writer();
    for (const remoteKey of ['../configmaps/x', '..', '', 'a/b', '%2e%2e']) {
      expect((await providerRejection(() => target.exists({ remoteKey }, never))).kind).toBe('invalid');
    }
    expect(server.requests).toEqual([]);
  });
});
