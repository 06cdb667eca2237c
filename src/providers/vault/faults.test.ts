import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeVault } from '../../../test/support/vault.ts';
import { SessionPool } from '../../provider/sessioncache.ts';
import { testContext } from '../../provider/testing/connect.ts';
import { FaultProxy } from '../../provider/testing/faultproxy.ts';
import { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { realClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { FakeClock } from '../../runtime/testing/fakeclock.ts';
import { openClient } from './open.ts';
import { VaultSpec } from './schema.ts';
import { never, objectsWith, openStore, startFakeWorld, tokenAuth, type VaultWorld } from './testing/world.ts';

let world: VaultWorld & { readonly vault: FakeVault };
beforeEach(async () => {
  world = await startFakeWorld();
  await world.admin.write('secret/data/app', { data: { user: 'c4n4ry' } });
});
afterEach(() => world.stop());

const read = ({ client }: Awaited<ReturnType<typeof openStore>>, key = 'app') => client.read({ key }, never);

describe('a Vault in trouble', () => {
  it('is unavailable while it is sealed, and serves again when it is not', async () => {
    await using store = await openStore(world);
    world.vault.isSealed = true;
    const error = await providerRejection(() => read(store));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain('Vault is sealed (503)');
    expect((await providerRejection(() => openStore(world))).kind).toBe('unavailable');
    world.vault.isSealed = false;
    expect(textOf((await read(store)).value('user'))).toBe('c4n4ry');
  });

  it.each([
    [412, 'unavailable'],
    [429, 'throttled'],
    [472, 'unavailable'],
    [473, 'unavailable'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [504, 'timeout'],
    [400, 'invalid'],
    [405, 'invalid'],
    [401, 'denied'],
  ])('that answers %i is an error of kind %s', async (status, kind) => {
    await using store = await openStore(world);
    world.vault.intercept = () => ({ status, body: { errors: [] } });
    const error = await providerRejection(() => read(store));
    expect(error.kind).toBe(kind);
    expect(error.message).toContain('read secret/data/app');
  });

  it('says when to come back to a rate limit', async () => {
    await using store = await openStore(world);
    world.vault.intercept = () => ({ status: 429, headers: { 'retry-after': '3' }, body: { errors: ['quota'] } });
    expect(await providerRejection(() => read(store))).toMatchObject({ kind: 'throttled', retryAfterMs: 3_000 });
  });

  it('whose standby names the active node is asked there', async () => {
    const active = world;
    const standby = await startFakeWorld();
    standby.vault.intercept = ({ path, query }) => {
      const search = query.size === 0 ? '' : `?${query.toString()}`;
      return { status: 307, headers: { location: `${active.url}/v1/${path}${search}` } };
    };
    {
      await using store = await openStore(standby);
      expect(textOf((await read(store)).value('user'))).toBe('c4n4ry');
      // What is written goes along.
      await store.client.writer.push({ remoteKey: 'pushed', property: 'user', value: Buffer.from('app') }, never);
      expect(textOf((await read(store, 'pushed')).value('user'))).toBe('app');
    }
    await standby.stop();
  });

  it('whose nodes name each other is unavailable', async () => {
    world.vault.intercept = ({ path }) => ({ status: 307, headers: { location: `/v1/${path}` } });
    const error = await providerRejection(() => openStore(world));
    expect(error).toMatchObject({ kind: 'unavailable' });
    expect(error.message).toContain('circles');
  });

  it('that cannot be found is unavailable', async () => {
    const error = await providerRejection(() => openStore({ url: 'http://vault.invalid:8200' }));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toMatch(/vault\.invalid:8200 could not be reached: (ENOTFOUND|EAI_AGAIN)/);
  });

  it.each([
    ['a login page', '<html>please log in</html>'],
    ['nothing', ''],
    ['JSON of something else', '{"status":"ok"}'],
  ])('that is replaced by %s has not lost the secret', async (_, body) => {
    await using store = await openStore(world);
    world.vault.intercept = () => ({ status: 200, body });
    expect((await providerRejection(() => read(store))).kind).toBe('unavailable');
  });

  it('that answers null has no such secret', async () => {
    await using store = await openStore(world);
    world.vault.intercept = () => ({ status: 200, body: { data: { data: null, metadata: { version: 3 } } } });
    expect((await providerRejection(() => read(store))).kind).toBe('notFound');
  });

  it('that answers without end is given up', async () => {
    await using store = await openStore(world);
    world.vault.intercept = () => ({ status: 200, body: `{"data":"${'x'.repeat(40 * 1_024 * 1_024)}"}` });
    const error = await providerRejection(() => read(store));
    expect(error).toMatchObject({ kind: 'unavailable' });
    expect(error.message).toContain('too large');
  });
});

describe('where the mounts may not be looked up', () => {
  const refuse = (): void => {
    world.vault.intercept = ({ path }) =>
      path.startsWith('sys/') ? { status: 403, body: { errors: ['permission denied'] } } : undefined;
  };

  beforeEach(async () => {
    await world.admin.write('sys/mounts/database', { type: 'database' });
    await world.admin.write('database/roles/readonly', { db_name: 'db', default_ttl: '1h' });
    refuse();
  });

  it('the KV path is read, as in ESO', async () => {
    await world.admin.write('secret/data/database/creds/readonly', { data: { user: 'app' } });
    await using store = await openStore(world);
    expect(textOf((await read(store, 'database/creds/readonly')).value('user'))).toBe('app');
    expect(textOf((await read(store)).value('user'))).toBe('c4n4ry');
  });

  it('the error says what was tried, and what is not known', async () => {
    await using store = await openStore(world);
    const error = await providerRejection(() => read(store, 'database/creds/readonly'));
    expect(error.kind).toBe('notFound');
    expect(error.message).toContain('read secret/data/database/creds/readonly: does not exist');
    expect(error.message).toContain('read sys/internal/ui/mounts: permission denied (403)');
  });

  it('a store of version v1 still reads credentials, shares them with nobody, and knows their lease', async () => {
    await using store = await openStore(world, { path: 'database', version: 'v1' });
    expect(store.client.isShareable({ key: 'creds/readonly' })).toBe(false);
    expect((await read(store, 'creds/readonly')).lease?.durationMs).toBe(3_600_000);
  });
});

describe('an engine that is mounted later', () => {
  it('is found by the first key that is nowhere else, at most once a minute', async () => {
    const clock = new FakeClock();
    const { context } = testContext({ objects: objectsWith() });
    const spec = VaultSpec.parse({ server: world.url, path: 'secret', auth: tokenAuth });
    const client = await openClient(spec, { ...context, clock });
    const reading = () => client.read({ key: 'database/creds/readonly' }, never);
    await world.admin.write('sys/mounts/database', { type: 'database' });
    await world.admin.write('database/roles/readonly', { db_name: 'db', default_ttl: '1h' });
    expect((await providerRejection(reading)).kind).toBe('notFound');
    clock.advance(61_000);
    expect((await reading()).lease).toBeDefined();
    const lookups = world.vault.log.filter((entry) => entry === 'read sys/internal/ui/mounts');
    expect(lookups).toHaveLength(2);
    await client.close();
  });
});

describe('a clock that is wrong', () => {
  it.each([
    ['a day ahead', 86_400_000],
    ['a day behind', -86_400_000],
  ])('by %s ends no token before its time', async (_, offsetMs) => {
    const clock = { ...realClock, now: () => realClock.now() + offsetMs };
    const sessions = new SessionPool({ clock, log: silentLogger });
    const objects = new MemoryObjects();
    objects.putSecret('test/vault', { data: { password: 'secret' } });
    await world.admin.write('sys/auth/userpass', { type: 'userpass' });
    await world.admin.policy('reader', { 'secret/data/app': ['read'] });
    const user = { password: 'secret', token_policies: ['reader'], token_ttl: '1m' };
    await world.admin.write('auth/userpass/users/anna', user);
    const auth = { userPass: { username: 'anna', secretRef: { name: 'vault', key: 'password' } } };
    const { context } = testContext({ objects, sessions });
    const client = await openClient(VaultSpec.parse({ server: world.url, path: 'secret', auth }), {
      ...context,
      clock,
    });
    for (let time = 0; time < 5; time += 1)
      expect(textOf((await client.read({ key: 'app' }, never)).value('user'))).toBe('c4n4ry');
    expect(world.vault.log.filter((entry) => entry === 'write auth/userpass/login/anna')).toHaveLength(1);
    expect(world.vault.log).not.toContain('write auth/token/renew-self');
    await client.close();
    await sessions.close();
  });
});

describe('a connection that breaks while credentials are made', () => {
  it('is unavailable, and says nothing of them', async () => {
    await world.admin.write('sys/mounts/database', { type: 'database' });
    await world.admin.write('database/roles/readonly', { db_name: 'db', default_ttl: '1h' });
    const proxy = await FaultProxy.start(world.url);
    {
      await using store = await openStore(proxy);
      proxy.cutShort();
      expect((await providerRejection(() => read(store, 'database/creds/readonly'))).kind).toBe('unavailable');
      await proxy.heal();
    }
    await proxy.stop();
  });
});
