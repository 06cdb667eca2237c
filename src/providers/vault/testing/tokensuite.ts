/** What becomes of the tokens that logins bring. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { SessionPool } from '../../../provider/sessioncache.ts';
import { MemoryObjects } from '../../../provider/testing/memoryobjects.ts';
import { providerRejection, textOf } from '../../../provider/testing/rejection.ts';
import { realClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { Recorder } from './recorder.ts';
import { describeOn } from './suite.ts';
import { never, openStore, type StartWorld, tokenAuth } from './world.ts';

const login = 'auth/userpass/login/anna';
const secret = 'secret/data/app';
const auth = { userPass: { username: 'anna', secretRef: { name: 'vault', key: 'password' } } };

export function describeTokens(start: StartWorld): void {
  describeOn('tokens of logins', start, (world) => {
    let recorder: Recorder;
    beforeAll(async () => {
      const { admin, url } = world();
      recorder = await Recorder.start(url);
      await admin.policy('reader', { 'secret/data/app': ['read'] });
      await admin.write('secret/data/app', { data: { user: 'app' } });
      await admin.write('sys/auth/userpass', { type: 'userpass' });
    });
    beforeEach(async () => {
      await grant({});
      recorder.forget();
    });
    afterAll(() => recorder.stop());

    /** Anna's tokens from now on. */
    async function grant(settings: object): Promise<void> {
      // Vault keeps what is not written.
      const usual = { token_ttl: 0, token_max_ttl: 0, token_type: 'default' };
      const user = { password: 'secret', token_policies: ['reader'], ...usual, ...settings };
      await world().admin.write('auth/userpass/users/anna', user);
    }

    async function open(sessions?: SessionPool) {
      const objects = new MemoryObjects();
      objects.putSecret('test/vault', { data: { password: 'secret' } });
      return openStore(recorder, { auth }, { objects, ...(sessions === undefined ? {} : { sessions }) });
    }

    /** Reads the one secret that may be read. */
    async function read({ client }: Awaited<ReturnType<typeof open>>): Promise<string> {
      return textOf((await client.read({ key: 'app' }, never)).value('user'));
    }

    it('are shared by all reads and clients of a store', async () => {
      const sessions = new SessionPool({ clock: realClock, log: silentLogger });
      await using one = await open(sessions);
      await using other = await open(sessions);
      await Promise.all(Array.from({ length: 20 }, (_, index) => read(index % 2 === 0 ? one : other)));
      expect(recorder.count(login)).toBe(1);
      expect(recorder.tokens(secret)).toHaveLength(1);
      await sessions.close();
    });

    it('are replaced when they were revoked, once for all who notice', async () => {
      await using store = await open();
      await read(store);
      await world().admin.write('sys/leases/revoke-prefix/auth/userpass');
      const values = await Promise.all(Array.from({ length: 20 }, () => read(store)));
      expect(new Set(values)).toEqual(new Set(['app']));
      expect(recorder.count(login)).toBe(2);
      expect(recorder.count('auth/token/lookup-self')).toBe(1);
    });

    it('are not replaced when it is a policy that refuses', async () => {
      await using store = await open();
      for (let time = 0; time < 3; time += 1)
        expect((await providerRejection(() => store.client.read({ key: 'other' }, never))).kind).toBe('denied');
      expect(recorder.count(login)).toBe(1);
      expect(recorder.count('auth/token/lookup-self')).toBe(1);
    });

    it('say that a login is refused when that is why nothing can be read any more', async () => {
      await using store = await open();
      await read(store);
      await world().admin.delete('auth/userpass/users/anna');
      await world().admin.write('sys/leases/revoke-prefix/auth/userpass');
      const error = await providerRejection(() => read(store));
      expect(error.kind).toBe('denied');
      expect(error.message).toContain(`write ${login}`);
      expect((await providerRejection(() => store.client.validate(never))).kind).toBe('denied');
    });

    it('are what a store is not opened without', async () => {
      await grant({ password: 'changed' });
      const error = await providerRejection(async () => void (await open()));
      expect(error.kind).toBe('denied');
      expect(error.message).toContain(`write ${login}: invalid username or password (400)`);
      expect(recorder.count('sys/internal/ui/mounts')).toBe(0);
    });

    it('are revoked when the client is closed', async () => {
      const store = await open();
      await read(store);
      const [token = ''] = recorder.tokens(secret);
      expect(await world().admin.hasToken(token)).toBe(true);
      await store[Symbol.asyncDispose]();
      expect(await world().admin.hasToken(token)).toBe(false);
      expect(recorder.count('auth/token/revoke-self')).toBe(1);
    });

    it('are revoked when the operator ends', async () => {
      const sessions = new SessionPool({ clock: realClock, log: silentLogger });
      const store = await open(sessions);
      await read(store);
      const [token = ''] = recorder.tokens(secret);
      await sessions.close();
      expect(await world().admin.hasToken(token)).toBe(false);
      await store[Symbol.asyncDispose]();
    });

    it('are left alone when somebody else made them', async () => {
      const token = await world().admin.token(['reader']);
      const objects = new MemoryObjects();
      objects.putSecret('test/credentials', { data: { token } });
      const store = await openStore(recorder, { auth: tokenAuth }, { objects });
      await read(store);
      await store[Symbol.asyncDispose]();
      expect(await world().admin.hasToken(token)).toBe(true);
    });

    it('are renewed before they end, for as long as Vault renews them, and then made anew', async () => {
      await grant({ token_ttl: '2s', token_max_ttl: '4s' });
      await using store = await open();
      for (; recorder.tokens(secret).length < 2; await wait(100)) expect(await read(store)).toBe('app');
      expect(recorder.count('auth/token/renew-self')).toBeGreaterThan(0);
    }, 60_000);

    it('of type batch are neither renewed nor revoked', async () => {
      await grant({ token_type: 'batch', token_ttl: '1m' });
      const store = await open();
      expect(await read(store)).toBe('app');
      await store[Symbol.asyncDispose]();
      expect(recorder.count('auth/token/renew-self')).toBe(0);
      expect(recorder.count('auth/token/revoke-self')).toBe(0);
    });
  });
}
