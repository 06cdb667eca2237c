import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ContractBackend } from '../../provider/testing/backend.ts';
import { connectForTest, testStore } from '../../provider/testing/connect.ts';
import { describeProviderContract } from '../../provider/testing/contract.ts';
import { textOf } from '../../provider/testing/rejection.ts';
import { provider } from './index.ts';
import type { FakeEntry, FakeSpec } from './schema.ts';

const never = new AbortController().signal;

/** A store whose data the suite adds to while clients are open: they look at the array itself. */
async function startBackend(): Promise<ContractBackend> {
  const data: FakeEntry[] = [];
  const add = (entry: FakeEntry): void => {
    data.push(entry);
  };
  return {
    provider: { ...provider, Spec: z.custom<FakeSpec>() },
    spec: { data },
    async put(name, value) {
      add({ key: name, value: Buffer.from(value).toString() });
      return { ref: { key: name } };
    },
    async putMap(name, members) {
      add({ key: name, value: JSON.stringify(members) });
      return { key: name };
    },
    missing: (name) => ({ key: name }),
    versions: {
      async put(name, values) {
        return values.map((value, index) => {
          const version = `v${index + 1}`;
          add({ key: name, version, value: Buffer.from(value).toString() });
          return { ref: { key: name, version } };
        });
      },
      missing: (ref) => ({ ...ref, version: 'v99' }),
    },
    async stop() {
      data.length = 0;
    },
  };
}

describeProviderContract({
  name: 'fake',
  can: {
    bytes: 'text',
    emptyValues: false,
    missingProperty: 'notFound',
    missingVersion: 'notFound',
    find: ['name'],
    push: true,
  },
  start: startBackend,
});

describe('the fake provider', () => {
  const spec = {
    data: [
      { key: 'path/db', value: '{"user":"app","id":12345678901234567890}' },
      { key: 'path/api', value: 'key-1', version: 'v1' },
      { key: 'path/api', value: 'key-2', version: 'v2' },
    ],
  };

  it('reads a version only when that version is asked for', async () => {
    const { client } = await connectForTest(provider, spec);
    expect(textOf((await client.read({ key: 'path/api', version: 'v1' }, never)).value(undefined))).toBe('key-1');
    await expect(client.read({ key: 'path/api' }, never)).rejects.toMatchObject({ kind: 'notFound' });
    await expect(client.read({ key: 'path/db', version: 'v1' }, never)).rejects.toMatchObject({ kind: 'notFound' });
  });

  it('does not take a key for another key and its version', async () => {
    const { client } = await connectForTest(provider, {
      data: [
        { key: 'ab', value: 'x' },
        { key: 'a', version: 'bc', value: 'y' },
      ],
    });
    await expect(client.read({ key: 'abc' }, never)).rejects.toMatchObject({ kind: 'notFound' });
    await expect(client.read({ key: 'a', version: 'b' }, never)).rejects.toMatchObject({ kind: 'notFound' });
  });

  it('keeps all digits of large integers', async () => {
    const { client } = await connectForTest(provider, spec);
    const secret = await client.read({ key: 'path/db' }, never);
    expect(textOf(secret.value('id'))).toBe('12345678901234567890');
    expect(textOf(secret.map(undefined).get('id') ?? new Uint8Array())).toBe('12345678901234567890');
  });

  it('converts names when it finds, before anything else sees them', async () => {
    const { client } = await connectForTest(provider, spec);
    const found = await client.find?.({ nameRegexp: '^path/', conversionStrategy: 'Unicode' }, never);
    expect(Array.from(found ?? [], ([key, value]) => [key, textOf(value)])).toEqual([
      ['path_U002f_api', 'key-2'],
      ['path_U002f_db', spec.data[0]?.value],
    ]);
  });

  it('finds by name only', async () => {
    const { client } = await connectForTest(provider, spec);
    await expect(client.find?.({ tags: { a: 'b' } }, never)).rejects.toMatchObject({ kind: 'invalid' });
    await expect(client.find?.({ path: 'path' }, never)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('refuses names that become one', async () => {
    const { client } = await connectForTest(provider, {
      data: [
        { key: 'a/b', value: 'x' },
        { key: 'a_b', value: 'y' },
      ],
    });
    await expect(client.find?.({ nameRegexp: '.' }, never)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('says what validationResult tells it to', async () => {
    const say = async (validationResult: number) =>
      (await connectForTest(provider, { ...spec, validationResult })).client.validate(never);
    expect(await say(0)).toBe('ready');
    expect(await say(1)).toBe('unknown');
    await expect(say(2)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('does not let a push change what the store defines', async () => {
    const { client } = await connectForTest(provider, spec);
    const target = { remoteKey: 'path/db', value: Buffer.from('other') };
    await expect(client.writer?.push(target, never)).rejects.toMatchObject({ kind: 'invalid' });
    await expect(client.writer?.delete(target, never)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('keeps pushed secrets to the client they were pushed to', async () => {
    const { client } = await connectForTest(provider, spec);
    await client.writer?.push(
      {
        remoteKey: 'new',
        value: new Map([
          ['a', Buffer.from('1')],
          ['b', Buffer.from('"')],
        ]),
      },
      never,
    );
    expect(textOf((await client.read({ key: 'new' }, never)).value(undefined))).toBe('{"a":"1","b":"\\""}');
    expect((await client.find?.({ nameRegexp: '^new$' }, never))?.size).toBe(1);
    const { client: another } = await connectForTest(provider, spec);
    await expect(another.read({ key: 'new' }, never)).rejects.toMatchObject({ kind: 'notFound' });
  });

  it('refuses data without key or value', () => {
    const verdict = provider.validate(
      {
        data: [
          { key: '', value: 'x' },
          { key: 'a', value: '' },
        ],
      },
      testStore,
    );
    expect(verdict.errors).toEqual(['data[0] has no key', 'data[1] has no value']);
  });

  it('counts its calls', async () => {
    const { client, calls } = await connectForTest(provider, spec);
    await client.read({ key: 'path/db' }, never);
    expect(calls).toMatchObject([{ backend: 'Fake', call: 'GetSecret', status: 'success' }]);
  });
});
