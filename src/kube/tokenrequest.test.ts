import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import type { KubeClient } from './client.ts';
import { isNotFound } from './errors.ts';
import { openKubeClient } from './open.ts';
import { sendJson, statusObject, WireServer } from './testing/wireserver.ts';
import { requestToken } from './tokenrequest.ts';

let server: WireServer;
let kube: KubeClient;
const account = { namespace: 'team', name: 'reader' };

beforeEach(async () => {
  server = new WireServer((_, response) => {
    sendJson(response, 201, { metadata: {}, status: { token: 'jwt', expirationTimestamp: '2026-01-01T01:00:00Z' } });
  });
  await server.start();
  kube = await openKubeClient({ connection: server.connection(), clock: new FakeClock(), userAgent: 'test/1' });
});

afterEach(async () => {
  await kube.close();
  await server.stop();
});

test('a token is asked for below the account, and answered with its end', async () => {
  const token = await requestToken(kube, account, { audiences: ['sts.amazonaws.com'], expirationSeconds: 3_600 });
  expect(token).toEqual({ token: 'jwt', expiresAtMs: Date.UTC(2026, 0, 1, 1) });
  expect(server.requests[0]).toMatchObject({
    method: 'POST',
    path: '/api/v1/namespaces/team/serviceaccounts/reader/token',
  });
  expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: ['sts.amazonaws.com'], expirationSeconds: 3_600 },
  });
});

test('an account that does not exist is told as such', async () => {
  server.handler = (_, response) =>
    sendJson(response, 404, statusObject(404, 'NotFound', 'serviceaccounts "reader" not found'));
  const error = await requestToken(kube, account, { audiences: [], expirationSeconds: 600 }).catch(
    (refusal: unknown) => refusal,
  );
  expect(isNotFound(error)).toBe(true);
  expect(String(error)).toContain('cannot create serviceaccounts/token team/reader');
});
