/** Every way to log in that both Vaults have. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TokenReviewer } from '../../../../test/support/tokenreviewer.ts';
import { MemoryObjects } from '../../../provider/testing/memoryobjects.ts';
import { providerRejection, textOf } from '../../../provider/testing/rejection.ts';
import { describeOn } from './suite.ts';
import { never, openStore, type StartWorld, type VaultWorld } from './world.ts';

type Auth = Readonly<Record<string, unknown>>;

export function describeAuth(start: StartWorld): void {
  describeOn('logging in', start, (world) => {
    beforeAll(async () => {
      await world().admin.policy('reader', { 'secret/data/*': ['read'] });
      await world().admin.write('secret/data/app', { data: { user: 'app' } });
    });

    /** Reads as whoever the auth says. */
    async function read(auth: Auth, objects: MemoryObjects): Promise<string> {
      await using store = await openStore(world(), { auth }, { objects });
      expect(await store.client.validate(never)).toBe('ready');
      return textOf((await store.client.read({ key: 'app' }, never)).value('user'));
    }

    /** What opening a store is refused with. */
    async function refusal(auth: Auth, objects: MemoryObjects): Promise<string> {
      const error = await providerRejection(async () => {
        await using store = await openStore(world(), { auth }, { objects });
        await store.client.validate(never);
      });
      expect(error.kind).toBe('denied');
      return error.message;
    }

    it('by a token', async () => {
      const token = await world().admin.token(['reader']);
      const auth = { tokenSecretRef: { name: 'vault', key: 'token' } };
      expect(await read(auth, secrets({ token: `${token}\n` }))).toBe('app');
      expect(await refusal(auth, secrets({ token: 'hvs.wrong' }))).toContain('permission denied');
    });

    describeAppRole(world, { read, refusal });
    describeUserpass(world, { read, refusal });
    describeJwt(world, { read, refusal });
    describeKubernetes(world, { read, refusal });
  });
}

interface Means {
  readonly read: (auth: Auth, objects: MemoryObjects) => Promise<string>;
  readonly refusal: (auth: Auth, objects: MemoryObjects) => Promise<string>;
}

/** A Secret `vault`. */
function secrets(data: Readonly<Record<string, string>>, objects = new MemoryObjects()): MemoryObjects {
  objects.putSecret('test/vault', { data });
  return objects;
}

function describeAppRole(world: () => VaultWorld, { read, refusal }: Means): void {
  it('by AppRole, with the role id in the store or in a Secret', async () => {
    const { admin } = world();
    await admin.write('sys/auth/approle', { type: 'approle' });
    await admin.write('auth/approle/role/app', { token_policies: ['reader'] });
    const roleId = String((await admin.read('auth/approle/role/app/role-id')).data?.['role_id']);
    const secretId = String((await admin.write('auth/approle/role/app/secret-id')).data?.['secret_id']);
    const secretRef = { name: 'vault', key: 'secret-id' };
    const objects = secrets({ 'secret-id': secretId, 'role-id': roleId });
    expect(await read({ appRole: { roleId, secretRef } }, objects)).toBe('app');
    expect(await read({ appRole: { roleRef: { name: 'vault', key: 'role-id' }, secretRef } }, objects)).toBe('app');
    const message = await refusal({ appRole: { roleId, secretRef } }, secrets({ 'secret-id': 'wrong' }));
    expect(message).toContain('write auth/approle/login: invalid');
  });
}

function describeUserpass(world: () => VaultWorld, { read, refusal }: Means): void {
  it('by a user name and password, at a mount of any name', async () => {
    const { admin } = world();
    await admin.write('sys/auth/team/users', { type: 'userpass' });
    await admin.write('auth/team/users/users/anna', { password: ' pass word ', token_policies: ['reader'] });
    const userPass = { path: 'team/users', username: 'anna', secretRef: { name: 'vault', key: 'password' } };
    expect(await read({ userPass }, secrets({ password: ' pass word ' }))).toBe('app');
    const message = await refusal({ userPass }, secrets({ password: 'guessed' }));
    expect(message).toContain('invalid username or password');
    expect(message).not.toContain('guessed');
  });
}

interface Signer {
  readonly key: KeyObject;
  readonly pem: string;
  /** Where its keys are published. */
  readonly url: string;
  readonly server: Server;
}

async function startSigner(): Promise<Signer> {
  const { publicKey, privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'RS256', use: 'sig' }] });
  const server = createServer((_, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(jwks);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is never a string.
  const { port } = server.address() as AddressInfo;
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { key, pem, url: `http://127.0.0.1:${port}/keys`, server };
}

function tokenOf(key: KeyObject, subject: string, audiences: readonly string[]): Promise<string> {
  return new SignJWT({ sub: subject })
    .setProtectedHeader({ alg: 'RS256', kid: 'test' })
    .setAudience([...audiences])
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(key);
}

function describeJwt(world: () => VaultWorld, { read, refusal }: Means): void {
  let signer: Signer;
  beforeAll(async () => {
    signer = await startSigner();
    const { admin } = world();
    const role = { role_type: 'jwt', user_claim: 'sub', token_policies: ['reader'] };
    for (const [mount, config] of [
      ['jwt', { jwt_validation_pubkeys: [signer.pem], default_role: 'everybody' }],
      ['published', { jwks_url: signer.url }],
    ] as const) {
      await admin.write(`sys/auth/${mount}`, { type: 'jwt' });
      await admin.write(`auth/${mount}/config`, config);
      await admin.write(`auth/${mount}/role/everybody`, { ...role, bound_audiences: ['vault'] });
      await admin.write(`auth/${mount}/role/custom`, { ...role, bound_audiences: ['custom'] });
    }
  });
  afterAll(() => void signer.server.close());

  /** A cluster whose ServiceAccounts the signer vouches for. */
  function cluster(): MemoryObjects {
    const objects = new MemoryObjects(async ({ namespace, name }, { audiences }) => ({
      token: await tokenOf(signer.key, `system:serviceaccount:${namespace}:${name}`, audiences),
      expiresAtMs: Date.now() + 600_000,
    }));
    objects.putServiceAccount('test/app');
    return objects;
  }

  it('by a ServiceAccount directly under jwt, in the default role of the auth method', async () => {
    expect(await read({ jwt: { path: 'jwt', serviceAccountRef: { name: 'app' } } }, cluster())).toBe('app');
  });

  it('by a token that is made for a ServiceAccount, for the audience vault or any other', async () => {
    const serviceAccountRef = { name: 'app' };
    const ours = { role: 'everybody', kubernetesServiceAccountToken: { serviceAccountRef } };
    const theirs = { role: 'custom', kubernetesServiceAccountToken: { serviceAccountRef, audiences: ['custom'] } };
    expect(await read({ jwt: ours }, cluster())).toBe('app');
    expect(await read({ jwt: theirs }, cluster())).toBe('app');
    const message = await refusal({ jwt: { ...ours, role: 'custom' } }, cluster());
    expect(message).toContain('audience');
  });

  it('by a token in a Secret, checked by published keys', async () => {
    const token = await tokenOf(signer.key, 'somebody', ['vault']);
    const jwt = { path: 'published', role: 'everybody', secretRef: { name: 'vault', key: 'jwt' } };
    expect(await read({ jwt }, secrets({ jwt: token }))).toBe('app');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const forged = await tokenOf(privateKey, 'somebody', ['vault']);
    expect(await refusal({ jwt }, secrets({ jwt: forged }))).not.toContain(forged);
  });

  it('not in a role that does not exist', async () => {
    const jwt = { role: 'nobody', serviceAccountRef: { name: 'app' } };
    expect(await refusal({ jwt }, cluster())).toContain('write auth/jwt/login');
  });
}

function describeKubernetes(world: () => VaultWorld, { read, refusal }: Means): void {
  let reviewer: TokenReviewer;
  beforeAll(async () => {
    reviewer = await TokenReviewer.start();
    const { admin } = world();
    await admin.write('sys/auth/kubernetes', { type: 'kubernetes' });
    await admin.write('auth/kubernetes/config', reviewer.vaultConfig);
    await admin.write('auth/kubernetes/role/app', {
      bound_service_account_names: ['app'],
      bound_service_account_namespaces: ['test'],
      token_policies: ['reader'],
    });
  });
  afterAll(() => reviewer.stop());

  function cluster(name: string): MemoryObjects {
    const objects = new MemoryObjects(async (account) => ({
      token: await reviewer.issue(account),
      expiresAtMs: Date.now() + 600_000,
    }));
    objects.putServiceAccount(`test/${name}`);
    return objects;
  }

  it('by a ServiceAccount that the cluster vouches for', async () => {
    const kubernetes = { mountPath: 'kubernetes', role: 'app', serviceAccountRef: { name: 'app' } };
    expect(await read({ kubernetes }, cluster('app'))).toBe('app');
    const other = { ...kubernetes, serviceAccountRef: { name: 'other' } };
    expect(await refusal({ kubernetes: other }, cluster('other'))).toContain('write auth/kubernetes/login');
  });

  it('by a ServiceAccount token in a Secret, under its usual key', async () => {
    const kubernetes = { role: 'app', secretRef: { name: 'vault' } };
    const token = await reviewer.issue({ namespace: 'test', name: 'app' });
    expect(await read({ kubernetes }, secrets({ token }))).toBe('app');
  });
}
