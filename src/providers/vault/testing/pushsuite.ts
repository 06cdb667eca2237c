/** Pushing and finding, beyond the contract. */
import { beforeAll, describe, expect, it } from 'vitest';
import { providerRejection, textOf } from '../../../provider/testing/rejection.ts';
import { describeOn } from './suite.ts';
import { never, objectsWith, openStore, type StartWorld, type VaultWorld } from './world.ts';

const versions = [
  { version: 'v1', path: 'kv1' },
  { version: 'v2', path: 'secret' },
] as const;

export function describePush(start: StartWorld): void {
  describeOn('pushing secrets', start, (world) => {
    beforeAll(() => world().admin.write('sys/mounts/kv1', { type: 'kv', options: { version: '1' } }));
    for (const spec of versions) describe(`to KV ${spec.version}`, () => describeEither(world, spec));
    describeVersions(world);
    describeFind(world);
  });
}

type Spec = (typeof versions)[number];

function describeEither(world: () => VaultWorld, spec: Spec): void {
  const dataPath = (key: string): string => (spec.version === 'v1' ? `kv1/${key}` : `secret/data/${key}`);

  it('takes a whole Secret, and a JSON object with all its digits', async () => {
    await using store = await openStore(world(), spec);
    const { client } = store;
    const whole = new Map([['user', Buffer.from('app')]]);
    await client.writer.push({ remoteKey: 'whole', value: whole }, never);
    expect(textOf((await client.read({ key: 'whole' }, never)).value('user'))).toBe('app');
    await client.writer.push({ remoteKey: 'whole', value: Buffer.from('{"price":1.25,"list":[1,"<&>"]}') }, never);
    const secret = await client.read({ key: 'whole' }, never);
    expect(['price', 'list'].map((property) => textOf(secret.value(property)))).toEqual([
      '1.25',
      String.raw`[1,"\u003c\u0026\u003e"]`,
    ]);
    expect(() => secret.value('user')).toThrow('user');
  });

  it('refuses what Vault cannot hold, without repeating it', async () => {
    await using store = await openStore(world(), spec);
    for (const value of ['no JSON c4n4ry', '["c4n4ry"]', '"c4n4ry"', ''].map((text) => Buffer.from(text))) {
      const pushing = async () => store.client.writer.push({ remoteKey: 'refused', value }, never);
      expect((await providerRejection(pushing)).kind).toBe('invalid');
    }
    const value = Buffer.from([0xff, 0xfe]);
    const pushing = async () => store.client.writer.push({ remoteKey: 'refused', property: 'x', value }, never);
    expect((await providerRejection(pushing)).kind).toBe('invalid');
    expect(await store.client.writer.exists({ remoteKey: 'refused' }, never)).toBe(false);
  });

  it('leaves alone what somebody else put there', async () => {
    const json = spec.version === 'v1' ? { user: 'theirs' } : { data: { user: 'theirs' } };
    await world().admin.write(dataPath('theirs'), json);
    await using store = await openStore(world(), spec);
    const target = { remoteKey: 'theirs', property: 'user' };
    const pushing = async () => store.client.writer.push({ ...target, value: Buffer.from('ours') }, never);
    const error = await providerRejection(pushing);
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('theirs is not managed by external-secrets');
    await store.client.writer.delete({ remoteKey: 'theirs' }, never);
    await store.client.writer.delete(target, never);
    expect(textOf((await store.client.read({ key: 'theirs' }, never)).value('user'))).toBe('theirs');
  });

  it('deletes the secret with its last property', async () => {
    await using store = await openStore(world(), spec);
    const { writer } = store.client;
    for (const property of ['user', 'password'])
      await writer.push({ remoteKey: 'last', property, value: Buffer.from(property) }, never);
    await writer.delete({ remoteKey: 'last', property: 'absent' }, never);
    await writer.delete({ remoteKey: 'last', property: 'user' }, never);
    expect(await writer.exists({ remoteKey: 'last', property: 'user' }, never)).toBe(false);
    expect(await writer.exists({ remoteKey: 'last', property: 'password' }, never)).toBe(true);
    await writer.delete({ remoteKey: 'last', property: 'password' }, never);
    expect(await writer.exists({ remoteKey: 'last' }, never)).toBe(false);
    expect((await store.client.find({ nameRegexp: '^last$' }, never)).size).toBe(0);
  });

  it('keeps all of several properties that are pushed at once', async () => {
    await using store = await openStore(world(), spec);
    const properties = Array.from({ length: 8 }, (_, index) => `key-${index}`);
    const pushes = properties.map((property) =>
      store.client.writer.push({ remoteKey: 'many', property, value: Buffer.from(property) }, never),
    );
    await Promise.all(pushes);
    const secret = await store.client.read({ key: 'many' }, never);
    expect(properties.map((property) => textOf(secret.value(property)))).toEqual(properties);
  });
}

function describeVersions(world: () => VaultWorld): void {
  const currentVersion = async (key: string): Promise<unknown> =>
    (await world().admin.read(`secret/metadata/${key}`)).data?.['current_version'];

  it('writes no version when nothing changes', async () => {
    await using store = await openStore(world());
    const request = { remoteKey: 'same', property: 'user', value: Buffer.from('app') };
    for (let time = 0; time < 3; time += 1) await store.client.writer.push(request, never);
    expect(await currentVersion('same')).toBe(1);
  });

  it('marks what it made as ESO does, and keeps other custom metadata', async () => {
    await world().admin.write('secret/metadata/marked', { custom_metadata: { team: 'a' } });
    await using store = await openStore(world());
    await store.client.writer.push({ remoteKey: 'marked', property: 'user', value: Buffer.from('app') }, never);
    const { data } = await world().admin.read('secret/metadata/marked');
    expect(data?.['custom_metadata']).toEqual({ team: 'a', 'managed-by': 'external-secrets' });
  });

  it('does not lose what two operators push to one secret at once', async () => {
    await using one = await openStore(world());
    await using other = await openStore(world());
    const push = (client: typeof one.client, property: string) =>
      client.writer.push({ remoteKey: 'shared', property, value: Buffer.from(property) }, never);
    await push(one.client, 'first');
    await Promise.all([push(one.client, 'left'), push(other.client, 'right')]);
    const secret = await one.client.read({ key: 'shared' }, never);
    expect(['first', 'left', 'right'].map((property) => textOf(secret.value(property)))).toEqual([
      'first',
      'left',
      'right',
    ]);
  });

  it('pushes again over a version that was deleted', async () => {
    await using store = await openStore(world());
    const request = { remoteKey: 'again', property: 'user', value: Buffer.from('app') };
    await store.client.writer.push(request, never);
    await world().admin.delete('secret/data/again');
    await store.client.writer.push(request, never);
    expect(textOf((await store.client.read({ key: 'again' }, never)).value('user'))).toBe('app');
    expect(await currentVersion('again')).toBe(2);
  });

  it('says denied when the token may read and not write', async () => {
    await world().admin.policy('look', { 'secret/*': ['read', 'list'] });
    await using store = await openStore(world(), {}, { objects: objectsWith(await world().admin.token(['look'])) });
    const request = { remoteKey: 'forbidden', property: 'user', value: Buffer.from('c4n4ry') };
    const error = await providerRejection(async () => store.client.writer.push(request, never));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('write secret/');
  });
}

function describeFind(world: () => VaultWorld): void {
  it('finds through folders, by the whole path, and leaves out what is deleted', async () => {
    const { admin } = world();
    for (const key of ['find/a', 'find/deep/b', 'find/deep/er/c', 'find/gone', 'find2/a'])
      await admin.write(`secret/data/${key}`, { data: { key } });
    await admin.delete('secret/data/find/gone');
    await using store = await openStore(world());
    const found = await store.client.find({ path: '/find/', nameRegexp: '(deep|gone|/a$)' }, never);
    expect([...found.keys()].sort()).toEqual(['find/a', 'find/deep/b', 'find/deep/er/c']);
    expect(textOf(found.get('find/deep/b') ?? Buffer.from(''))).toBe('{"key":"find/deep/b"}');
  });

  it('finds by tags and name together, and everything without conditions', async () => {
    const { admin } = world();
    for (const [key, team] of [
      ['tagged/a', 'x'],
      ['tagged/b', 'x'],
      ['tagged/c', 'y'],
    ]) {
      await admin.write(`secret/data/${key}`, { data: { key } });
      await admin.write(`secret/metadata/${key}`, { custom_metadata: { team } });
    }
    await using store = await openStore(world());
    const both = await store.client.find({ path: 'tagged', tags: { team: 'x' }, nameRegexp: 'b$' }, never);
    expect([...both.keys()]).toEqual(['tagged/b']);
    expect((await store.client.find({ path: 'tagged' }, never)).size).toBe(3);
  });

  it('finds keys that a store without a path can read', async () => {
    await world().admin.write('secret/data/bare/a', { data: { user: 'app' } });
    await using store = await openStore(world(), { path: undefined });
    const found = await store.client.find({ path: 'secret/bare', nameRegexp: '.' }, never);
    expect([...found.keys()]).toEqual(['secret/bare/a']);
    const secret = await store.client.read({ key: 'secret/bare/a' }, never);
    expect(textOf(secret.value('user'))).toBe('app');
    expect((await providerRejection(() => store.client.find({ nameRegexp: '.' }, never))).kind).toBe('invalid');
  });

  it('finds nothing where there is no such folder', async () => {
    await using store = await openStore(world());
    expect((await store.client.find({ path: 'no/such/folder', nameRegexp: '.' }, never)).size).toBe(0);
  });

  it('says denied when the token may not list', async () => {
    await world().admin.policy('single', { 'secret/data/*': ['read'] });
    await using store = await openStore(world(), {}, { objects: objectsWith(await world().admin.token(['single'])) });
    expect((await providerRejection(() => store.client.find({ nameRegexp: '.' }, never))).kind).toBe('denied');
  });
}
