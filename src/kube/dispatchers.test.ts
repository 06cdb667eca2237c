import { createServer as createProxy, type Server } from 'node:http';
import { createServer, type Server as TlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import type { KubeClient } from './client.ts';
import type { ClusterConnection, TlsMaterial } from './connection.ts';
import { openKubeClient } from './open.ts';
import { namespaces } from './resources.ts';
import { type Authority, createAuthority, type KeyPair } from './testing/certificates.ts';

let authority: Authority;
let other: Authority;
let client: KeyPair;
let server: TlsServer;
/** The name in the certificate that each request's connection presented. */
let peers: (string | undefined)[];
const opened: KubeClient[] = [];

beforeAll(async () => {
  authority = await createAuthority('kubernetes');
  other = await createAuthority('somebody else');
  client = await authority.issue('jane');
  const { cert, key } = await authority.issue('apiserver');
  server = createServer(
    { cert, key, ca: authority.cert, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      // Requests of a TLS server come over TLS sockets.
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      peers.push([subject?.CN].flat()[0]);
      response.end(JSON.stringify({ metadata: { name: 'default' } }));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

afterEach(async () => {
  await Promise.all(opened.splice(0).map((kube) => kube.close()));
});

async function open(material: () => TlsMaterial, overrides: Partial<ClusterConnection> = {}): Promise<KubeClient> {
  peers = [];
  const { port } = server.address() as AddressInfo;
  const connection = {
    server: new URL(`https://127.0.0.1:${port}`),
    namespace: 'default',
    tls: async () => material(),
    authorization: () => undefined,
    credentialsRefused() {},
    ...overrides,
  };
  const kube = await openKubeClient({ connection, clock: new FakeClock(), userAgent: 'test/1' });
  opened.push(kube);
  return kube;
}

function get(kube: KubeClient): Promise<unknown> {
  return kube.get(namespaces, { name: 'default' });
}

/** Without the client's own retries, which wait on a clock that stands still. */
function write(kube: KubeClient): Promise<unknown> {
  return kube.mergePatch(namespaces, { name: 'default' }, {});
}

describe('TLS', () => {
  test('a server whose authority is known is trusted, and told who is calling', async () => {
    await get(await open(() => ({ ca: authority.cert, ...client })));
    expect(peers).toEqual(['jane']);
  });

  test('a server of another authority is not talked to, unless verification is switched off', async () => {
    await expect(write(await open(() => ({ ca: other.cert })))).rejects.toThrow(/certificate/);
    await get(await open(() => ({ ca: other.cert, skipVerify: true })));
    expect(peers).toEqual([undefined]);
  });

  test('the name that the certificate must carry can be another than the host of the URL', async () => {
    await expect(write(await open(() => ({ ca: authority.cert, serverName: 'elsewhere' })))).rejects.toThrow(
      /does not match/,
    );
  });

  test('a rotated authority counts for the next connection', async () => {
    let ca = other.cert;
    const kube = await open(() => ({ ca }));
    await expect(write(kube)).rejects.toThrow(/certificate/);
    ca = authority.cert;
    await write(kube);
    expect(peers).toHaveLength(1);
  });

  test('material that cannot be read fails the request, and only that', async () => {
    let isReadable = false;
    const kube = await open(() => {
      if (!isReadable) throw new Error('ENOENT: ca.crt');
      return { ca: authority.cert };
    });
    await expect(write(kube)).rejects.toThrow('cannot patch namespaces default: ENOENT: ca.crt');
    isReadable = true;
    await write(kube);
  });
});

describe('a proxy', () => {
  let proxy: Server;
  let tunnels: string[];

  beforeAll(async () => {
    proxy = createProxy();
    proxy.on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const { port } = server.address() as AddressInfo;
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [upstream, socket]) end.on('error', () => {});
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => new Promise((resolve) => proxy.close(resolve)));

  test('is asked for a tunnel, and does not see what goes through', async () => {
    tunnels = [];
    const { port } = proxy.address() as AddressInfo;
    const kube = await open(() => ({ ca: authority.cert, ...client }), { proxyUrl: `http://127.0.0.1:${port}` });
    await get(kube);
    await get(kube);
    expect(peers).toEqual(['jane', 'jane']);
    expect(new Set(tunnels)).toEqual(new Set([`127.0.0.1:${(server.address() as AddressInfo).port}`]));
  });
});
