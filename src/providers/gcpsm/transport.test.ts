import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../../kube/testing/certificates.ts';
import { providerRejection, rejection } from '../../provider/testing/rejection.ts';
import { realClock } from '../../runtime/clock.ts';
import { Endpoints } from './endpoints.ts';
import { Transport } from './transport.ts';

const never = new AbortController().signal;

let server: Server;
let seen: string[];

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.headers['user-agent']}`);
    response.end('answer');
  });
  server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function url(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function transport(environment: Record<string, string> = {}): Transport {
  const settings = { environment, userAgent: 'external-secrets/test' };
  return new Transport({ endpoints: new Endpoints(environment), settings, clock: realClock });
}

describe('requests to Google', () => {
  it('say who sends them, and are read whole', async () => {
    const sending = transport();
    const { status, body } = await sending.send({ url: url(), signal: never });
    expect([status, body]).toEqual([200, 'answer']);
    expect(seen).toEqual(['GET external-secrets/test']);
    await sending.close();
  });

  it('go through the proxy of the environment, except where it says otherwise', async () => {
    const proxied = transport({ HTTPS_PROXY: url() });
    const target = 'https://secretmanager.invalid/v1/';
    expect((await providerRejection(() => proxied.send({ url: target, signal: never }))).kind).toBe('unavailable');
    expect(seen).toEqual(['CONNECT secretmanager.invalid:443']);
    const direct = transport({ HTTPS_PROXY: url(), NO_PROXY: '.invalid' });
    const error = await providerRejection(() => direct.send({ url: target, signal: never }));
    expect(error.message).toMatch(/^secretmanager\.invalid could not be reached: E/);
    expect(seen).toHaveLength(1);
  });

  it('trust no server that no public authority vouches for', async () => {
    const { cert, key } = await (await createAuthority('somebody')).issue('server');
    const impostor = createTlsServer({ cert, key }, (_, response) => response.end('answer'));
    await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
    const target = `https://127.0.0.1:${(impostor.address() as AddressInfo).port}/`;
    const error = await providerRejection(() => transport().send({ url: target, signal: never }));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toMatch(/CERT|VERIFY/);
    await new Promise((resolve) => impostor.close(resolve));
  });

  it('are not sent for a signal that has aborted', async () => {
    const reason = new Error('given up');
    expect(await rejection(() => transport().send({ url: url(), signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(seen).toEqual([]);
  });
});
