/** Engines that make credentials. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RemoteSecret } from '../../../provider/provider.ts';
import { executeReads, planReads } from '../../../provider/readplan.ts';
import { SharedReads } from '../../../provider/sharedreads.ts';
import { MemoryObjects } from '../../../provider/testing/memoryobjects.ts';
import { providerRejection, textOf } from '../../../provider/testing/rejection.ts';
import { realClock } from '../../../runtime/clock.ts';
import { Recorder } from './recorder.ts';
import { describeOn } from './suite.ts';
import { never, objectsWith, openStore, type StartWorld, type VaultWorld } from './world.ts';

const key = 'database/creds/readonly';

export function describeDynamic(start: StartWorld): void {
  describeOn('engines that make credentials', start, (world) => {
    let recorder: Recorder;
    beforeAll(async () => {
      const { admin, url } = world();
      recorder = await Recorder.start(url);
      await admin.write('sys/mounts/database', { type: 'database' });
      await admin.write('database/config/db', { plugin_name: 'memory-database-plugin', allowed_roles: ['*'] });
      const role = { db_name: 'db', creation_statements: ['unused'], default_ttl: '1h', max_ttl: '24h' };
      await admin.write('database/roles/readonly', role);
    });
    beforeEach(() => recorder.forget());
    afterAll(() => recorder.stop());
    describeOneRead(() => recorder);
    describePlaces(world, () => recorder);
    describeLeases(world, () => recorder);
  });
}

/** What is made: a user and a password. */
function credentialsOf(secret: RemoteSecret): readonly string[] {
  return ['username', 'password'].map((property) => textOf(secret.value(property)));
}

function describeOneRead(recorder: () => Recorder): void {
  it('are read at their own mount, with a lease', async () => {
    await using store = await openStore(recorder());
    const secret = await store.client.read({ key }, never);
    expect(credentialsOf(secret).every((text) => text !== '')).toBe(true);
    expect(secret.lease).toMatchObject({ renewable: true, durationMs: 3_600_000 });
    expect(secret.lease?.id.startsWith(`${key}/`)).toBe(true);
  });

  it('make something new for each reader, and for no reader twice', async () => {
    await using store = await openStore(recorder());
    const { client } = store;
    expect(client.isShareable({ key })).toBe(false);
    expect(client.isShareable({ key: 'app' })).toBe(true);
    const reads = new SharedReads({ clock: realClock, metrics: { observeRead() {} } });
    // As two ExternalSecrets with two entries each ask for it, at the same time.
    const entries = [
      { client, ref: { key } },
      { client, ref: { key, version: '' } },
    ];
    const options = { reads, isForced: false, signal: never };
    const both = await Promise.all([1, 2].map(() => executeReads(planReads(entries), options)));
    const made = both.map((answers) => answers.map((answer) => credentialsOf(answer as RemoteSecret).join(' ')));
    expect(made.map((answers) => new Set(answers).size)).toEqual([1, 1]);
    expect(new Set(made.flat()).size).toBe(2);
    expect(recorder().count(key)).toBe(2);
  });

  it('take their mounts looked up once', async () => {
    await using store = await openStore(recorder());
    for (let time = 0; time < 3; time += 1) await store.client.read({ key }, never);
    await providerRejection(() => store.client.read({ key: 'nothing' }, never));
    expect(recorder().count('sys/internal/ui/mounts')).toBe(1);
  });
}

function describePlaces(world: () => VaultWorld, recorder: () => Recorder): void {
  it.each([
    ['no path', { path: undefined }, key],
    ['no path, version v1', { path: undefined, version: 'v1' }, key],
    ['their mount as path', { path: 'database' }, 'creds/readonly'],
    ['their mount as path, version v1', { path: 'database/', version: 'v1' }, '/creds/readonly'],
  ])('are also read by a store with %s', async (_, spec, wanted) => {
    await using store = await openStore(recorder(), spec);
    const secret = await store.client.read({ key: wanted }, never);
    expect(credentialsOf(secret).every((text) => text !== '')).toBe(true);
    expect(secret.lease).toBeDefined();
    expect(store.client.isShareable({ key: wanted })).toBe(false);
  });

  it('do not hide secrets whose key looks like one of their paths', async () => {
    await world().admin.write('secret/data/database/hosts/primary', { data: { host: 'db.internal' } });
    await using store = await openStore(recorder());
    const secret = await store.client.read({ key: 'database/hosts/primary' }, never);
    expect(textOf(secret.value('host'))).toBe('db.internal');
    expect(secret.lease).toBeUndefined();
  });

  it('do not hide such secrets from those who may only read the secret', async () => {
    const { admin } = world();
    await admin.write('secret/data/database/creds/app', { data: { host: 'db.internal' } });
    await admin.policy('secrets', { 'secret/data/*': ['read'], 'database/roles/*': ['list'] });
    const objects = objectsWith(await admin.token(['secrets']));
    await using store = await openStore(recorder(), {}, { objects });
    const secret = await store.client.read({ key: 'database/creds/app' }, never);
    expect(textOf(secret.value('host'))).toBe('db.internal');
  });

  it('say invalid for a role that does not exist, and everything that was tried', async () => {
    await using store = await openStore(recorder());
    const error = await providerRejection(() => store.client.read({ key: 'database/creds/nobody' }, never));
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain('read database/creds/nobody: unknown role: nobody (400)');
    expect(error.message).toContain('read secret/data/database/creds/nobody: does not exist');
  });

  it('say denied when they may not be used', async () => {
    const { admin } = world();
    await admin.policy('roles', { 'database/roles/*': ['list'], 'secret/data/*': ['read'] });
    await using store = await openStore(recorder(), {}, { objects: objectsWith(await admin.token(['roles'])) });
    const error = await providerRejection(() => store.client.read({ key }, never));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain(`read ${key}: permission denied (403)`);
  });
}

function describeLeases(world: () => VaultWorld, recorder: () => Recorder): void {
  describe('and the token that they were made with', () => {
    beforeAll(async () => {
      await world().admin.write('sys/auth/userpass', { type: 'userpass' });
      await world().admin.policy('maker', { [key]: ['read'] });
    });

    async function openAs(settings: object) {
      const user = { password: 'secret', token_policies: ['maker'], token_ttl: 0, token_max_ttl: 0, ...settings };
      await world().admin.write('auth/userpass/users/anna', user);
      const objects = new MemoryObjects();
      objects.putSecret('test/vault', { data: { password: 'secret' } });
      const auth = { userPass: { username: 'anna', secretRef: { name: 'vault', key: 'password' } } };
      return openStore(recorder(), { auth }, { objects });
    }

    it('outlive the client: the token is not revoked while a lease holds', async () => {
      const store = await openAs({});
      const { lease } = await store.client.read({ key }, never);
      await store[Symbol.asyncDispose]();
      expect(await world().admin.hasLease(lease?.id ?? '')).toBe(true);
      expect(recorder().count('auth/token/revoke-self')).toBe(0);
      expect(await world().admin.hasToken(recorder().tokens(key)[0] ?? '')).toBe(true);
    });

    it('get the token prolonged to where the lease ends', async () => {
      await using store = await openAs({ token_ttl: '1m' });
      const { lease } = await store.client.read({ key }, never);
      expect(lease?.durationMs).toBeGreaterThan(3_590_000);
      const ttl = await world().admin.ttl(recorder().tokens(key)[0] ?? '');
      expect(ttl).toBeGreaterThan(3_590);
    });

    it('end for us with the token where that cannot be prolonged', async () => {
      await using store = await openAs({ token_ttl: '1m', token_max_ttl: '2m' });
      const { lease } = await store.client.read({ key }, never);
      expect(lease?.durationMs).toBeGreaterThan(60_000);
      expect(lease?.durationMs).toBeLessThanOrEqual(120_000);
    });

    it('end for us with a token that somebody else made', async () => {
      const token = await world().admin.token(['maker'], { ttl: '90s' });
      await using store = await openStore(recorder(), {}, { objects: objectsWith(token) });
      const { lease } = await store.client.read({ key }, never);
      expect(lease?.durationMs).toBeLessThanOrEqual(90_000);
    });

    it('are gone when the token was revoked, and the next read makes others', async () => {
      await using store = await openAs({});
      const first = await store.client.read({ key }, never);
      await world().admin.write('sys/leases/revoke-prefix/auth/userpass');
      // The real one does that in the background.
      await expect.poll(() => world().admin.hasLease(first.lease?.id ?? ''), { timeout: 10_000 }).toBe(false);
      const second = await store.client.read({ key }, never);
      expect(credentialsOf(second)).not.toEqual(credentialsOf(first));
      expect(await world().admin.hasLease(second.lease?.id ?? '')).toBe(true);
    });
  });
}
