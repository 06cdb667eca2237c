import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../../kube/errors.ts';
import { type Authority, createAuthority } from '../../kube/testing/certificates.ts';
import type { StoreIdentity } from '../../provider/context.ts';
import type { SecretsClient } from '../../provider/provider.ts';
import { connectForTest, type TestConnectOptions, testStore } from '../../provider/testing/connect.ts';
import { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { canary, expectNoCanary, providerRejection } from '../../provider/testing/rejection.ts';
import { provider } from './index.ts';
import { TestApiServer } from './testing/apiserver.ts';

const never = new AbortController().signal;
const clusterStore: Partial<StoreIdentity> = { kind: 'ClusterSecretStore' };

let authority: Authority;
let clientAuthority: Authority;
let server: TestApiServer;
let objects: MemoryObjects;
const opened: SecretsClient[] = [];

beforeAll(async () => {
  authority = await createAuthority('the authority of servers');
  clientAuthority = await createAuthority('the authority of clients');
});

beforeEach(async () => {
  server = await TestApiServer.start({ ...(await authority.issue('server')), clientCA: clientAuthority.cert });
  server.put({
    metadata: { namespace: 'shared', name: 'db' },
    data: { password: Buffer.from('hunter2').toString('base64') },
  });
  server.users.set('good-token', 'reader');
  server.rights.set('reader', ['get secrets shared']);
  objects = new MemoryObjects(async ({ namespace, name }, { audiences }) => {
    const token = `token of ${namespace}/${name} for ${audiences.join('+')}`;
    return { token, expiresAtMs: Date.now() + 3_600_000 };
  });
  objects.putConfigMap('test/trust', { 'ca.crt': authority.cert });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()));
  await server.stop();
});

function serverSpec(): object {
  return { url: server.url, caBundle: Buffer.from(authority.cert).toString('base64') };
}

async function connect(spec: object, options: TestConnectOptions = {}): Promise<SecretsClient> {
  const { client } = await connectForTest(provider, { remoteNamespace: 'shared', ...spec }, { objects, ...options });
  opened.push(client);
  return client;
}

async function password(client: SecretsClient): Promise<string> {
  return Buffer.from((await client.read({ key: 'db' }, never)).value('password')).toString();
}

function kubeconfig(user: object, cluster: object = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'main',
    clusters: [
      {
        name: 'c',
        cluster: {
          server: server.url,
          'certificate-authority-data': Buffer.from(authority.cert).toString('base64'),
          ...cluster,
        },
      },
    ],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'main', context: { cluster: 'c', user: 'u' } }],
  });
}

describe('authentication of the kubernetes provider', () => {
  it('by a bearer token that is kept in a Secret', async () => {
    objects.putSecret('test/credentials', { data: { token: 'good-token\n' } });
    const client = await connect({
      server: serverSpec(),
      auth: { token: { bearerToken: { name: 'credentials', key: 'token' } } },
    });
    expect(await password(client)).toBe('hunter2');
    expect(await client.validate(never)).toBe('ready');
  });

  it('by a token that is made for a ServiceAccount', async () => {
    objects.putServiceAccount('test/reader');
    server.users.set('token of test/reader for vault+other', 'reader');
    const client = await connect({
      server: serverSpec(),
      auth: { serviceAccount: { name: 'reader', audiences: ['vault', 'other'] } },
    });
    expect(await password(client)).toBe('hunter2');
    expect(await password(client)).toBe('hunter2');
    expect(objects.lookups.filter((lookup) => lookup.startsWith('Token'))).toEqual(['Token test/reader']);
  });

  it('asks for another token when the server does not take the old one any more', async () => {
    let made = 0;
    objects = new MemoryObjects(async () => ({ token: `token-${++made}`, expiresAtMs: Date.now() + 3_600_000 }));
    objects.putServiceAccount('test/reader');
    server.users.set('token-1', 'reader');
    const client = await connect({ server: serverSpec(), auth: { serviceAccount: { name: 'reader' } } });
    expect(await password(client)).toBe('hunter2');
    server.users.delete('token-1');
    server.users.set('token-2', 'reader');
    expect(await password(client)).toBe('hunter2');
  });

  it('says what the cluster says when it gives no token', async () => {
    objects = new MemoryObjects(() => Promise.reject(new Error('the API server is down')));
    objects.putServiceAccount('test/reader');
    const client = await connect({ server: serverSpec(), auth: { serviceAccount: { name: 'reader' } } });
    const error = await providerRejection(() => client.read({ key: 'db' }, never));
    expect(error).toMatchObject({
      kind: 'unavailable',
      message: 'a token of ServiceAccount test/reader could not be had',
    });
  });

  it('by a client certificate', async () => {
    const { cert, key } = await clientAuthority.issue('reader');
    objects.putSecret('test/certificate', { data: { 'tls.crt': cert, 'tls.key': key } });
    const auth = {
      cert: { clientCert: { name: 'certificate', key: 'tls.crt' }, clientKey: { name: 'certificate', key: 'tls.key' } },
    };
    expect(await password(await connect({ server: serverSpec(), auth }))).toBe('hunter2');
  });

  it('by a kubeconfig that is kept in a Secret', async () => {
    const { cert, key } = await clientAuthority.issue('reader');
    const certificate = {
      'client-certificate-data': Buffer.from(cert).toString('base64'),
      'client-key-data': Buffer.from(key).toString('base64'),
    };
    objects.putSecret('test/kubeconfigs', {
      data: { token: kubeconfig({ token: 'good-token' }), certificate: kubeconfig(certificate) },
    });
    for (const key of ['token', 'certificate']) {
      expect(await password(await connect({ authRef: { name: 'kubeconfigs', key } }))).toBe('hunter2');
    }
  });

  it.each([
    ['exec', { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/bin/sh', args: ['-c', canary] } }, {}],
    ['auth-provider', { 'auth-provider': { name: 'gcp' } }, {}],
    ['tokenFile', { tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token' }, {}],
    ['client-certificate', { 'client-certificate': '/etc/passwd', 'client-key-data': '' }, {}],
    ['client-key', { 'client-key': '/etc/shadow' }, {}],
    ['certificate-authority', { token: canary }, { 'certificate-authority': '/etc/ssl/cert.pem' }],
  ])('never by %s of a kubeconfig that somebody stored', async (member, user, cluster) => {
    objects.putSecret('test/kubeconfig', { data: { config: kubeconfig(user, cluster) } });
    const error = await providerRejection(() => connect({ authRef: { name: 'kubeconfig', key: 'config' } }));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain(member);
  });

  it.each([`users: [${canary}`, `{"current-context": "main", "users": "${canary}"}`, '', kubeconfigWithout()])(
    'refuses what is no kubeconfig without repeating it',
    async (text) => {
      objects.putSecret('test/kubeconfig', { data: { config: text } });
      const error = await providerRejection(() => connect({ authRef: { name: 'kubeconfig', key: 'config' } }));
      expect(error.kind).toBe('invalid');
      expectNoCanary(error);
    },
  );

  it('refuses a store without any', async () => {
    expect(provider.validate(provider.Spec.parse({}) as never, testStore).errors).toEqual([
      'auth or authRef is required',
    ]);
    expect((await providerRejection(() => connect({ server: serverSpec() }))).kind).toBe('invalid');
    expect(provider.Spec.safeParse({ auth: {} }).success).toBe(false);
    const both = { token: { bearerToken: {} }, serviceAccount: { name: 'reader' } };
    expect(provider.Spec.safeParse({ auth: both }).success).toBe(false);
  });
});

function kubeconfigWithout(): string {
  return JSON.stringify({
    'current-context': 'gone',
    clusters: [],
    contexts: [],
    users: [{ name: 'u', user: { token: canary } }],
  });
}

describe('the connection of the kubernetes provider', () => {
  const auth = { token: { bearerToken: { name: 'credentials', key: 'token' } } };
  beforeEach(() => void objects.putSecret('test/credentials', { data: { token: 'good-token' } }));

  it('trusts the CA of a ConfigMap', async () => {
    const caProvider = { type: 'ConfigMap', name: 'trust', key: 'ca.crt' };
    expect(await password(await connect({ server: { url: server.url, caProvider }, auth }))).toBe('hunter2');
  });

  it('does not trust a server of another authority', async () => {
    const client = await connect({
      server: { url: server.url, caBundle: Buffer.from(clientAuthority.cert).toString('base64') },
      auth,
    });
    expect((await providerRejection(() => client.read({ key: 'db' }, never))).kind).toBe('unavailable');
    expect(server.requests).toEqual([]);
  });

  it('speaks https when the URL does not say', async () => {
    const client = await connect({ server: { ...serverSpec(), url: server.url.replace('https://', '') }, auth });
    expect(await password(client)).toBe('hunter2');
  });

  it('refuses what is no URL, without asking anybody', async () => {
    const error = await providerRejection(() => connect({ server: { url: 'https://:::' }, auth }));
    expect(error).toMatchObject({ kind: 'invalid', message: 'server.url is not a URL' });
  });

  it('warns when no CA is configured, and says where namespaces cannot be', () => {
    const judge = (spec: object, store: Partial<StoreIdentity> = {}) =>
      provider.validate(provider.Spec.parse(spec), { ...testStore, ...store });
    expect(judge({ auth }).warnings).toHaveLength(1);
    expect(judge({ auth, server: { caBundle: 'eA==' } }).warnings).toEqual([]);
    const elsewhere = { token: { bearerToken: { name: 'credentials', namespace: 'other', key: 'token' } } };
    expect(judge({ auth: elsewhere }).errors).toEqual([
      "the reference to credentials names a namespace that is not the store's",
    ]);
    expect(judge({ auth: elsewhere }, clusterStore).errors).toEqual([]);
    const caProvider = { type: 'Secret', name: 'ca', key: 'ca.crt' };
    expect(judge({ auth, server: { caProvider } }, clusterStore).errors).toHaveLength(1);
    expect(judge({ auth, server: { caProvider: { ...caProvider, namespace: 'other' } } }).errors).toHaveLength(1);
  });
});

describe('validation of the kubernetes provider', () => {
  const auth = { token: { bearerToken: { name: 'credentials', key: 'token' } } };

  it('asks directly where the server does not list rules', async () => {
    objects.putSecret('test/credentials', { data: { token: 'good-token' } });
    server.listsRules = false;
    expect(await (await connect({ server: serverSpec(), auth })).validate(never)).toBe('ready');
    expect(server.requests.map((request) => request.split('/').at(-1))).toEqual([
      'selfsubjectrulesreviews by reader',
      'selfsubjectaccessreviews by reader',
    ]);
  });

  it('leaves open what credentials may do that may not even ask', async () => {
    objects.putSecret('test/credentials', { data: { token: 'good-token' } });
    const forbidden = { status: 403, reason: 'Forbidden', message: 'forbidden' };
    server.intercept = (_, path) => (path.includes('selfsubject') ? forbidden : undefined);
    const client = await connect({ server: serverSpec(), auth });
    expect(await client.validate(never)).toBe('unknown');
    server.intercept = (_, path) => (path.endsWith('selfsubjectrulesreviews') ? forbidden : undefined);
    expect(await client.validate(never)).toBe('ready');
  });

  it('does not take credentials for good that there is no token for', async () => {
    const forbidden = new ApiError('no', { status: 403, reason: 'Forbidden' });
    objects = new MemoryObjects(() => Promise.reject(forbidden));
    objects.putServiceAccount('test/reader');
    const client = await connect({ server: serverSpec(), auth: { serviceAccount: { name: 'reader' } } });
    expect(await providerRejection(() => client.validate(never))).toMatchObject({
      kind: 'denied',
      message:
        'a token of ServiceAccount test/reader could not be had: the operator has no permission to create serviceaccounts/token',
    });
  });

  it('says denied when Secrets of that namespace may not be read, or the token is not good', async () => {
    objects.putSecret('test/credentials', { data: { token: 'good-token', bad: 'unknown-token' } });
    const elsewhere = await connect({ server: serverSpec(), auth, remoteNamespace: 'kube-system' });
    const error = await providerRejection(() => elsewhere.validate(never));
    expect(error).toMatchObject({
      kind: 'denied',
      message: 'the credentials may not get secrets in namespace kube-system',
    });
    const nobody = await connect({
      server: serverSpec(),
      auth: { token: { bearerToken: { name: 'credentials', key: 'bad' } } },
    });
    expect((await providerRejection(() => nobody.validate(never))).kind).toBe('denied');
  });

  it('leaves open whether a cluster-wide store with the credentials of its users is good', async () => {
    const client = await connect({ server: serverSpec(), auth }, { store: clusterStore, referent: undefined });
    expect(await client.validate(never)).toBe('unknown');
    expect((await providerRejection(() => client.read({ key: 'db' }, never))).kind).toBe('invalid');
    expect(server.requests).toEqual([]);
  });

  it('uses the credentials of the namespace that a cluster-wide store is used from', async () => {
    objects.putSecret('team-a/credentials', { data: { token: 'good-token' } });
    expect(
      await password(await connect({ server: serverSpec(), auth }, { store: clusterStore, referent: 'team-a' })),
    ).toBe('hunter2');
    const error = await providerRejection(() =>
      connect({ server: serverSpec(), auth }, { store: clusterStore, referent: 'team-b' }),
    );
    expect(error.message).toBe('Secret team-b/credentials does not exist');
  });
});
