/** What only Vault Enterprise has, looked at on the wire. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeVault } from '../../../test/support/vault.ts';
import { VaultAdmin } from '../../../test/support/vault-admin.ts';
import { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { never, openStore } from './testing/world.ts';

let vault: FakeVault;
beforeEach(async () => {
  vault = await FakeVault.start({ namespaces: ['team', 'team/app', 'logins'] });
  const admin = new VaultAdmin(vault.url, vault.rootToken);
  await admin.write('secret/data/who', { data: { am: 'root' } });
  await admin.write('team/secret/data/who', { data: { am: 'team' } });
  await admin.write('team/app/secret/data/who', { data: { am: 'team/app' } });
});
afterEach(() => vault.stop());

async function whoIs(spec: Readonly<Record<string, unknown>>, key = 'who'): Promise<string> {
  await using store = await openStore(vault, spec);
  return textOf((await store.client.read({ key }, never)).value('am'));
}

/** What was sent under a header with the last read of a secret. */
function lastHeader(name: string): unknown {
  return vault.calls.findLast(({ path }) => path === 'secret/data/who')?.headers[name];
}

describe('namespaces', () => {
  it('are named in a header', async () => {
    expect(await whoIs({})).toBe('root');
    expect(lastHeader('x-vault-namespace')).toBeUndefined();
    expect(await whoIs({ namespace: 'team' })).toBe('team');
    expect(lastHeader('x-vault-namespace')).toBe('team');
    expect(await whoIs({ namespace: 'team/app' })).toBe('team/app');
  });

  it('or come before the path of the store, or partly in both', async () => {
    expect(await whoIs({ path: 'team/secret' })).toBe('team');
    expect(await whoIs({ namespace: 'team', path: 'app/secret' })).toBe('team/app');
  });

  it('of the login can be another than that of the secrets', async () => {
    const admin = new VaultAdmin(vault.url, vault.rootToken);
    await admin.write('sys/auth/userpass', { type: 'userpass' });
    await admin.policy('reader', { 'secret/data/who': ['read'] });
    await admin.write('team/sys/policies/acl/reader', {
      policy: JSON.stringify({ path: { 'secret/data/who': { capabilities: ['read'] } } }),
    });
    await admin.write('team/sys/auth/userpass', { type: 'userpass' });
    await admin.write('team/auth/userpass/users/anna', { password: 'secret', token_policies: ['root'] });
    const objects = new MemoryObjects();
    objects.putSecret('test/vault', { data: { password: 'secret' } });
    const userPass = { username: 'anna', secretRef: { name: 'vault', key: 'password' } };
    const spec = { namespace: 'team/app', auth: { namespace: 'team', userPass } };
    await using store = await openStore(vault, spec, { objects });
    expect(await store.client.validate(never)).toBe('ready');
    expect(textOf((await store.client.read({ key: 'who' }, never)).value('am'))).toBe('team/app');
    const namespaceOf = (path: string) =>
      vault.calls.findLast((call) => call.path === path)?.headers['x-vault-namespace'];
    expect(namespaceOf('auth/userpass/login/anna')).toBe('team');
    expect(namespaceOf('auth/token/lookup-self')).toBe('team');
    expect(namespaceOf('secret/data/who')).toBe('team/app');
  });

  it('that do not exist are not secrets that do not', async () => {
    const error = await providerRejection(() => whoIs({ namespace: 'nobody' }));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('no handler for route');
  });
});

describe('headers', () => {
  it('of the store are sent with every request, and the mark of a client', async () => {
    await whoIs({ headers: { 'X-Proxy-Key': 'c4n4ry' } });
    expect(vault.calls.filter(({ headers }) => headers['x-vault-request'] === 'true')).not.toEqual([]);
    const ours = vault.calls.filter(({ headers }) => headers['user-agent'] === 'external-secrets-tests');
    expect(ours.map(({ headers }) => headers['x-proxy-key'])).toEqual(ours.map(() => 'c4n4ry'));
  });

  it('have what is inconsistent forwarded, where the store wants it', async () => {
    await whoIs({ forwardInconsistent: true });
    expect(lastHeader('x-vault-inconsistent')).toBe('forward-active-node');
    await whoIs({});
    expect(lastHeader('x-vault-inconsistent')).toBeUndefined();
  });
});

describe('reading what was written', () => {
  const state = (index: number): string => Buffer.from(`v1:cluster:${index}:0:signature`).toString('base64');

  it('hands back the newest state that an answer brought', async () => {
    let index = 5;
    const states = [5, 9, 7];
    vault.intercept = ({ path, headers }) => {
      if (path !== 'secret/data/who') return undefined;
      seen.push(headers['x-vault-index']);
      index = states.shift() ?? 0;
      const body = { data: { data: { am: 'root' }, metadata: { version: 1 } } };
      return { status: 200, body, headers: { 'x-vault-index': state(index) } };
    };
    const seen: unknown[] = [];
    await using store = await openStore(vault, { readYourWrites: true });
    for (let time = 0; time < 4; time += 1) await store.client.read({ key: 'who' }, never);
    expect(seen).toEqual([undefined, state(5), state(9), state(9)]);
  });

  it('hands back nothing unless the store wants it', async () => {
    vault.intercept = () => ({
      status: 200,
      body: { data: { data: {}, secret: {} } },
      headers: { 'x-vault-index': state(5) },
    });
    await using store = await openStore(vault);
    for (let time = 0; time < 2; time += 1) await store.client.read({ key: 'who' }, never);
    expect(lastHeader('x-vault-index')).toBeUndefined();
  });
});
