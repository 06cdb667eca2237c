import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { providerRejection } from '../../provider/testing/rejection.ts';
import { AzureWorld, never } from './testing/world.ts';

/** Whom the proxy was asked for, and by whom. */
const asked: { readonly target: string | undefined; readonly credentials: string | undefined }[] = [];
let proxy: Server;
let world: AzureWorld;

beforeAll(async () => {
  world = await AzureWorld.start();
  proxy = createServer();
  proxy.on('connect', (request, socket) => {
    asked.push({ target: request.url, credentials: request.headers['proxy-authorization'] });
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await world.stop();
  await new Promise((resolve) => proxy.close(resolve));
});

function address(): string {
  return `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

async function login(environment: Readonly<Record<string, string>>): Promise<void> {
  asked.length = 0;
  const spec = world.spec({ customCloudConfig: { activeDirectoryEndpoint: 'https://login.invalid' } });
  const client = await world.connect(spec, { environment });
  expect((await providerRejection(() => client.validate(never))).kind).toBe('unavailable');
}

describe('a proxy', () => {
  it('is asked for hosts elsewhere, with or without a scheme in its address', async () => {
    for (const HTTPS_PROXY of [address(), `http://${address()}`]) {
      await login({ HTTPS_PROXY });
      expect(asked[0]).toEqual({ target: 'login.invalid:443', credentials: undefined });
    }
  });

  it('is told who asks', async () => {
    await login({ HTTPS_PROXY: `http://user:p%40ss@${address()}` });
    expect(asked[0]?.credentials).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  });

  it('is not asked for hosts that are excepted', async () => {
    await login({ HTTPS_PROXY: address(), NO_PROXY: '.invalid' });
    expect(asked).toEqual([]);
  });

  it('is not asked for this machine', async () => {
    asked.length = 0;
    const client = await world.connect(world.spec(), { environment: { HTTPS_PROXY: address() } });
    expect(await client.validate(never)).toBe('ready');
    expect(asked).toEqual([]);
  });
});

describe('connections', () => {
  it('are kept for the next call', async () => {
    world.server.putSecret('db', 'hunter2');
    const client = await world.connect();
    await client.read({ key: 'db' }, never);
    const before = world.server.connections;
    for (let round = 0; round < 5; round += 1) await client.read({ key: 'db' }, never);
    expect(world.server.connections).toBe(before);
  });
});
