/** What is checked before anybody is asked, and the ways to log in that the real Vault of these tests does not have. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectForTest, testContext, testStore } from '../../provider/testing/connect.ts';
import { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { kubernetesMethod } from './auth/kubernetes.ts';
import { provider } from './index.ts';
import { VaultSpec } from './schema.ts';
import { never, openStore, startFakeWorld } from './testing/world.ts';

const server = 'https://vault.company.com';
const secretRef = { name: 'vault', key: 'key' };
const clusterStore = { kind: 'ClusterSecretStore', name: 'vault', uid: 'u', generation: 1 } as const;

function verdict(spec: object, store: Parameters<typeof provider.validate>[1] = testStore) {
  return provider.validate(VaultSpec.parse({ server, ...spec }), store);
}

describe('a store', () => {
  it.each([
    [{}],
    [{ auth: { tokenSecretRef: secretRef } }],
    [{ auth: { appRole: { roleId: 'id', secretRef } } }],
    [{ auth: { kubernetes: { role: 'app', serviceAccountRef: { name: 'app' } } } }],
    [{ auth: { jwt: { path: 'jwt', serviceAccountRef: { name: 'vault-auth-sa' } } } }],
    [{ auth: { cert: { clientCert: secretRef, secretRef } } }],
    [
      {
        auth: {
          iam: {
            vaultRole: 'app',
            secretRef: { accessKeyIDSecretRef: secretRef, secretAccessKeySecretRef: secretRef },
          },
        },
      },
    ],
    [{ auth: { iam: { vaultRole: 'app', jwt: { serviceAccountRef: { name: 'app' } } } } }],
    [{ auth: { gcp: { role: 'app', secretRef: { secretAccessKeySecretRef: secretRef } } } }],
    [{ auth: { gcp: { role: 'app', serviceAccountRef: { name: 'app' } } } }],
    [{ caProvider: { type: 'Secret', name: 'ca', key: 'ca.crt' } }],
  ])('with %j is valid', (spec) => {
    expect(verdict(spec)).toEqual({ errors: [], warnings: [] });
  });

  it.each([
    [{ server: 'vault.company.com:8200' }, 'server is not an http or https URL'],
    [{ auth: { tokenSecretRef: { key: 'token' } } }, 'a reference in auth or tls has no name'],
    [{ auth: { tokenSecretRef: { ...secretRef, namespace: 'other' } } }, "names a namespace that is not the store's"],
    [{ auth: { appRole: { secretRef } } }, 'auth.appRole needs either roleId or roleRef'],
    [{ auth: { ldap: { username: 'anna' } } }, 'auth.ldap.secretRef is required'],
    [{ auth: { userPass: { username: 'anna' } } }, 'auth.userPass.secretRef is required'],
    [{ auth: { jwt: { role: 'app' } } }, 'auth.jwt needs a secretRef'],
    [{ auth: { cert: { secretRef } } }, 'auth.cert needs clientCert and secretRef'],
    [{ caProvider: { type: 'Secret', name: 'ca', namespace: 'other' } }, "caProvider.namespace is not the store's"],
    [{ auth: { iam: { vaultRole: 'app', secretRef: {} } } }, 'auth.iam.secretRef needs'],
    [{ auth: { gcp: { role: 'app', secretRef: {} } } }, 'auth.gcp.secretRef needs'],
    [{ auth: { kubernetes: { role: 'app' } } }, 'auth.kubernetes must say who to be'],
    [{ auth: { iam: { vaultRole: 'app' } } }, 'auth.iam must say who to be'],
    [{ auth: { gcp: { role: 'app' } } }, 'auth.gcp must say who to be'],
  ])('with %j is not', (spec, message) => {
    expect(verdict(spec).errors.join()).toContain(message);
  });

  it('of the whole cluster may use what the operator itself is, and names namespaces', () => {
    expect(verdict({ auth: { kubernetes: { role: 'app' } } }, clusterStore).errors).toEqual([]);
    expect(verdict({ auth: { tokenSecretRef: { ...secretRef, namespace: 'any' } } }, clusterStore).errors).toEqual([]);
    const caProvider = { type: 'Secret', name: 'ca', key: 'ca.crt' };
    expect(verdict({ caProvider }, clusterStore).errors.join()).toContain('caProvider.namespace is required');
  });

  it('that names several ways to log in is told which counts', () => {
    const auth = { jwt: { role: 'app' }, tokenSecretRef: secretRef };
    expect(verdict({ auth })).toEqual({
      errors: [],
      warnings: ['auth names several ways to log in; only the first is used'],
    });
  });

  it('that is not needed to log in is asked without', async () => {
    const world = await startFakeWorld();
    const error = await providerRejection(() => openAnonymously(world.url));
    expect(error.kind).toBe('denied');
    expect(world.vault.calls.every(({ token }) => token === '')).toBe(true);
    await world.stop();
  });
});

async function openAnonymously(url: string): Promise<void> {
  await using store = await openStore({ url }, { auth: undefined });
  expect(await store.client.validate(never)).toBe('ready');
  await store.client.read({ key: 'app' }, never);
}

describe('a ClusterSecretStore with the credentials of whoever uses it', () => {
  it('is not known to be good before somebody does, and takes theirs then', async () => {
    const world = await startFakeWorld();
    await world.admin.write('secret/data/app', { data: { user: 'app' } });
    const objects = new MemoryObjects();
    objects.putSecret('team-a/vault', { data: { key: world.vault.rootToken } });
    const spec = { server: world.url, path: 'secret', auth: { tokenSecretRef: secretRef } };
    const options = { objects, store: clusterStore };
    const unresolved = await connectForTest(provider, spec, { ...options, referent: undefined });
    expect(await unresolved.client.validate(never)).toBe('unknown');
    const { client } = await connectForTest(provider, spec, { ...options, referent: 'team-a' });
    expect(textOf((await client.read({ key: 'app' }, never)).value('user'))).toBe('app');
    await client.close();
    const other = connectForTest(provider, spec, { ...options, referent: 'team-b' });
    expect((await providerRejection(() => other)).message).toContain('Secret team-b/vault does not exist');
    await world.stop();
  });
});

describe('logging in', () => {
  it('by LDAP', async () => {
    const world = await startFakeWorld();
    await world.admin.policy('reader', { 'secret/data/app': ['read'] });
    await world.admin.write('secret/data/app', { data: { user: 'app' } });
    await world.admin.write('sys/auth/ldap', { type: 'ldap' });
    await world.admin.write('auth/ldap/users/anna', { password: 'secret', token_policies: ['reader'] });
    const objects = new MemoryObjects();
    objects.putSecret('test/vault', { data: { key: 'secret' } });
    {
      await using store = await openStore(world, { auth: { ldap: { username: 'anna', secretRef } } }, { objects });
      expect(textOf((await store.client.read({ key: 'app' }, never)).value('user'))).toBe('app');
    }
    await world.stop();
  });

  it("by the operator's own ServiceAccount, whose token is read anew each time", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'service-account-'));
    const { context } = testContext();
    const method = await kubernetesMethod({ mountPath: 'kubernetes', role: 'app' }, context, folder);
    expect((await providerRejection(() => method.request(never))).message).toContain('has no ServiceAccount');
    for (const jwt of ['first', 'second']) {
      await writeFile(join(folder, 'token'), `${jwt}\n`);
      expect(await method.request(never)).toEqual({ path: 'auth/kubernetes/login', body: { role: 'app', jwt } });
    }
    await rm(folder, { recursive: true });
  });
});
