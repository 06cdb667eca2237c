/** What reading answers, beyond the contract. */
import { expect, it } from 'vitest';
import { providerRejection, rejection, textOf } from '../../../provider/testing/rejection.ts';
import { describeOn } from './suite.ts';
import { never, objectsWith, openStore, type StartWorld } from './world.ts';

export function describeReads(start: StartWorld): void {
  describeOn('reading secrets', start, (world) => {
    const put = (path: string, json: string) => world().admin.write(`secret/data/${path}`, `{"data":${json}}`);

    // Of version 2 the real server makes floating-point numbers before it stores them.
    it('keeps numbers as they were written, but for the decimals of an extract', async () => {
      await world().admin.write('sys/mounts/kv1', { type: 'kv', options: { version: '1' } });
      const json = '{"big":9007199254740993123,"price":1.50,"tiny":1e-7,"deep":{"big":12345678901234567890}}';
      await world().admin.write('kv1/numbers', json);
      await using store = await openStore(world(), { path: 'kv1', version: 'v1' });
      const secret = await store.client.read({ key: 'numbers' }, never);
      expect(textOf(secret.value('big'))).toBe('9007199254740993123');
      expect(textOf(secret.value('price'))).toBe('1.50');
      expect(textOf(secret.value('deep.big'))).toBe('12345678901234567890');
      expect(textOf(secret.value(undefined))).toBe(
        '{"big":9007199254740993123,"deep":{"big":12345678901234567890},"price":1.50,"tiny":1e-7}',
      );
      const members = Array.from(secret.map(undefined), ([name, value]) => [name, textOf(value)] as const);
      expect(Object.fromEntries(members)).toEqual({
        big: '9007199254740993123',
        price: '1.5',
        tiny: '0.0000001',
        deep: '{"big":12345678901234567890}',
      });
    });

    it('prefers a key of exactly this name to a path', async () => {
      await put('dots', '{"a.b":"exact","a":{"b":"deep","c":"other"}}');
      await using store = await openStore(world());
      const secret = await store.client.read({ key: 'dots' }, never);
      expect([secret.value('a.b'), secret.value('a.c')].map(textOf)).toEqual(['exact', 'other']);
      expect([...secret.map('a').keys()]).toEqual(['b', 'c']);
    });

    it('answers null as nothing', async () => {
      await put('nothing', '{"gone":null}');
      await using store = await openStore(world());
      const secret = await store.client.read({ key: 'nothing' }, never);
      expect(textOf(secret.value('gone'))).toBe('');
      expect(textOf(secret.value(undefined))).toBe('{"gone":null}');
    });

    it('takes the mount and data/ in a key as ESO does, with and without a path of the store', async () => {
      await put('team/app', '{"user":"app"}');
      await using whole = await openStore(world());
      await using bare = await openStore(world(), { path: undefined });
      for (const key of ['team/app', '/team//app/', 'secret/team/app', 'secret/data/team/app'])
        expect(textOf((await whole.client.read({ key }, never)).value('user'))).toBe('app');
      for (const key of ['secret/team/app', 'secret/data/team/app'])
        expect(textOf((await bare.client.read({ key }, never)).value('user'))).toBe('app');
    });

    it('reads keys with every character that Vault takes', async () => {
      const key = 'odd/a b%20c+d#e?f=g&h;i:@é&#x2F;j';
      await put(key, '{"user":"app"}');
      await using store = await openStore(world());
      expect(textOf((await store.client.read({ key }, never)).value('user'))).toBe('app');
      expect([...(await store.client.find({ path: 'odd' }, never)).keys()]).toEqual([key]);
    });

    it('takes no answer for a good one because a key looks like the health check', async () => {
      await using store = await openStore(world());
      expect(await rejection(() => store.client.read({ key: 'sys/health' }, never))).toMatchObject({
        kind: 'notFound',
      });
    });

    it('never leaves the mount', async () => {
      await using store = await openStore(world());
      for (const key of ['../sys/mounts', 'a/../../sys/mounts', './a'])
        for (const run of [() => store.client.read({ key }, never), async () => store.client.readKey({ key })])
          expect((await providerRejection(run)).kind).toBe('invalid');
      for (const key of ['', '/', 'secret/'])
        expect((await providerRejection(() => store.client.read({ key }, never))).kind).toMatch(/invalid|notFound/);
    });

    it('says notFound for a deleted version, and reads the one before', async () => {
      await put('deleted', '{"user":"first"}');
      await put('deleted', '{"user":"second"}');
      await world().admin.delete('secret/data/deleted');
      await using store = await openStore(world());
      expect(await rejection(() => store.client.read({ key: 'deleted' }, never))).toMatchObject({ kind: 'notFound' });
      const before = await store.client.read({ key: 'deleted', version: '1' }, never);
      expect([textOf(before.value('user')), before.version]).toEqual(['first', '1']);
    });

    it('says invalid for a version that is no number', async () => {
      await put('versions', '{"user":"app"}');
      await using store = await openStore(world());
      const error = await providerRejection(() => store.client.read({ key: 'versions', version: 'latest' }, never));
      expect(error.kind).toBe('invalid');
    });

    it('reads custom metadata, and what Vault knows of the secret', async () => {
      await put('described', '{"user":"app"}');
      await world().admin.write('secret/metadata/described', { custom_metadata: { team: 'a', 'owner.mail': 'x@y' } });
      await using store = await openStore(world());
      const secret = await store.client.read({ key: 'described', metadataPolicy: 'Fetch' }, never);
      expect(textOf(secret.value('team'))).toBe('a');
      expect(textOf(secret.value('owner.mail'))).toBe('x@y');
      const all = JSON.parse(textOf(secret.value(undefined)));
      expect(all).toMatchObject({ team: 'a', current_version: '1', delete_version_after: '0s' });
      expect(Date.parse(all.created_time)).not.toBeNaN();
      expect([...secret.map(undefined).keys()].sort()).toEqual(Object.keys(all).sort());
    });

    it('says that version v1 has no metadata and no tags', async () => {
      await using store = await openStore(world(), { version: 'v1' });
      const reading = store.client.read({ key: 'described', metadataPolicy: 'Fetch' }, never);
      expect((await providerRejection(() => reading)).kind).toBe('invalid');
      expect((await providerRejection(() => store.client.find({ tags: { a: 'b' } }, never))).kind).toBe('invalid');
    });

    it('does not take a mount that is not there for a secret that is not', async () => {
      await using store = await openStore(world(), { path: 'nowhere' });
      const error = await providerRejection(() => store.client.read({ key: 'app' }, never));
      expect(error.kind).toBe('denied');
      expect(error.message).toContain('nowhere/data/app');
    });

    it('says denied, and where, when a policy does not allow it', async () => {
      await world().admin.policy('some', { 'secret/data/allowed': ['read'] });
      const token = await world().admin.token(['some']);
      await put('allowed', '{"user":"app"}');
      await using store = await openStore(world(), {}, { objects: objectsWith(token) });
      expect(textOf((await store.client.read({ key: 'allowed' }, never)).value('user'))).toBe('app');
      const error = await providerRejection(() => store.client.read({ key: 'forbidden' }, never));
      expect(error).toMatchObject({ kind: 'denied' });
      expect(error.message).toContain('read secret/data/forbidden: permission denied (403)');
    });
  });
}
