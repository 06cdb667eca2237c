import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecretsClient } from '../../provider/provider.ts';
import { connectForTest } from '../../provider/testing/connect.ts';
import { MemoryObjects } from '../../provider/testing/memoryobjects.ts';
import { providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { provider } from './index.ts';
import { TestApiServer } from './testing/apiserver.ts';

const never = new AbortController().signal;

let server: TestApiServer;
let client: SecretsClient;

beforeEach(async () => {
  server = await TestApiServer.start();
  for (const name of ['app.one', 'app.two', 'app.three', 'app.four', 'other']) {
    const data = { key: Buffer.from(name).toString('base64') };
    server.put({
      metadata: { namespace: 'shared', name, labels: { app: name.startsWith('app') ? 'yes' : 'no' } },
      data,
    });
  }
  server.put({ metadata: { namespace: 'elsewhere', name: 'app.five', labels: { app: 'yes' } } });
  const objects = new MemoryObjects();
  objects.putSecret('test/credentials', { data: { token: 'a-token' } });
  const auth = { token: { bearerToken: { name: 'credentials', key: 'token' } } };
  ({ client } = await connectForTest(
    provider,
    { server: { url: server.url }, auth, remoteNamespace: 'shared' },
    { objects },
  ));
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

describe('finding Secrets', () => {
  it('reads all pages of the list', async () => {
    const found = await client.find?.({ nameRegexp: '^app' }, never);
    expect(Array.from(found ?? [], ([name, value]) => [name, textOf(value)])).toEqual([
      ['app.one', '{"key":"app.one"}'],
      ['app.two', '{"key":"app.two"}'],
      ['app.three', '{"key":"app.three"}'],
      ['app.four', '{"key":"app.four"}'],
    ]);
    expect(server.requests).toHaveLength(3);
  });

  it('takes tags before names, as ESO does', async () => {
    expect([
      ...((await client.find?.({ tags: { app: 'no' }, nameRegexp: '^app' }, never)) ?? new Map()).keys(),
    ]).toEqual(['other']);
  });

  it('does not let the value of a tag change the selector', async () => {
    expect((await client.find?.({ tags: { app: 'yes,app' } }, never))?.size).toBe(0);
  });

  it('converts names before anything else sees them', async () => {
    server.put({ metadata: { namespace: 'shared', name: 'path:one' } });
    expect([
      ...((await client.find?.({ nameRegexp: '^path', conversionStrategy: 'Unicode' }, never)) ?? new Map()).keys(),
    ]).toEqual(['path_U003a_one']);
    server.put({ metadata: { namespace: 'shared', name: 'path_one' } });
    expect((await providerRejection(async () => client.find?.({ nameRegexp: '^path' }, never))).kind).toBe('invalid');
  });

  it('needs a name or tags', async () => {
    expect((await providerRejection(async () => client.find?.({ path: 'app' }, never))).kind).toBe('invalid');
  });
});
