import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { metadataOnly, type Resource } from '../api/resource.ts';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import type { KubeClient } from './client.ts';
import {
  ConnectionError,
  isAlreadyExists,
  isConflict,
  isForbidden,
  isGone,
  isNamespaceTerminating,
  isNotFound,
} from './errors.ts';
import { type KubeClientOptions, openKubeClient } from './open.ts';
import type { RequestObservation } from './requester.ts';
import { secrets } from './resources.ts';
import { sendJson, statusObject, type WireHandler, WireServer } from './testing/wireserver.ts';

const widgets: Resource = { group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget', namespaced: true };
const secret = { metadata: { namespace: 'ns', name: 'app' }, data: { password: 'cGFzcw==' } };

let server: WireServer;
let clock: FakeClock;
let observed: RequestObservation[];
const clients: KubeClient[] = [];

beforeEach(async () => {
  server = new WireServer((_, response) => sendJson(response, 200, { metadata: { resourceVersion: '7' } }));
  clock = new FakeClock();
  observed = [];
  await server.start();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.stop();
});

async function client(options: Partial<KubeClientOptions> = {}): Promise<KubeClient> {
  const onRequest = (observation: RequestObservation): void => void observed.push(observation);
  const opened = await openKubeClient({
    connection: server.connection(),
    clock,
    userAgent: 'external-secrets/test',
    onRequest,
    ...options,
  });
  clients.push(opened);
  return opened;
}

/** Answers with each handler once, then with the last one for ever. */
function inTurn(...handlers: WireHandler[]): void {
  let count = 0;
  server.handler = (request, response) => handlers[Math.min(count++, handlers.length - 1)]?.(request, response);
}

function refuse(code: number, reason: string, message = reason, details?: object): WireHandler {
  return (_, response) => sendJson(response, code, statusObject(code, reason, message, details));
}

/** Lets timers of the fake clock fire until the work is settled. */
async function settled<T>(work: Promise<T>): Promise<T> {
  const state = { isDone: false };
  const done = work.finally(() => {
    state.isDone = true;
  });
  done.catch(() => undefined);
  for (let turn = 0; !state.isDone && turn < 2_000; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (clock.pendingTimers > 0) clock.advance(50);
  }
  return done;
}

describe('requests on the wire', () => {
  test('create POSTs to the collection of the namespace and asks for metadata back', async () => {
    const kube = await client();
    const written = await kube.create(secrets, secret, { fieldManager: 'me/es' });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/api/v1/namespaces/ns/secrets' });
    expect(request?.query.get('fieldManager')).toBe('me/es');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'external-secrets/test',
    });
    expect(request?.headers.accept).toMatch(/^application\/json;as=PartialObjectMetadata;/);
    expect(JSON.parse(request?.body ?? '')).toEqual({ apiVersion: 'v1', kind: 'Secret', ...secret });
    expect(written.metadata.resourceVersion).toBe('7');
  });

  test('each verb has its method, path and content type', async () => {
    const kube = await client();
    const name = { namespace: 'ns', name: 'w' };
    const widget = { metadata: { ...name, resourceVersion: '3' } };
    await kube.get(widgets, name);
    await kube.replace(widgets, widget);
    await kube.replaceStatus(widgets, widget);
    await kube.mergePatch(widgets, name, { spec: { size: null } });
    await kube.patchStatus(widgets, name, { status: {} });
    await kube.setStatus(widgets, { ...name, uid: 'u' }, { ready: true });
    await kube.applyPatch(widgets, widget, { fieldManager: 'me', force: true });
    await kube.delete(widgets, name, { uid: 'u', propagation: 'Background' });
    const path = '/apis/example.com/v1/namespaces/ns/widgets/w';
    expect(server.requests.map((request) => [request.method, request.path, request.headers['content-type']])).toEqual([
      ['GET', path, undefined],
      ['PUT', path, 'application/json'],
      ['PUT', `${path}/status`, 'application/json'],
      ['PATCH', path, 'application/merge-patch+json'],
      ['PATCH', `${path}/status`, 'application/merge-patch+json'],
      ['PATCH', `${path}/status`, 'application/json-patch+json'],
      ['PATCH', path, 'application/apply-patch+yaml'],
      ['DELETE', path, 'application/json'],
    ]);
    expect(JSON.parse(server.requests[5]?.body ?? '')).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'u' },
      { op: 'add', path: '/status', value: { ready: true } },
    ]);
    expect(server.requests[6]?.query.toString()).toBe('fieldManager=me&force=true');
    expect(JSON.parse(server.requests[7]?.body ?? '')).toMatchObject({
      preconditions: { uid: 'u' },
      propagationPolicy: 'Background',
    });
  });

  test('list passes selectors, page size and continue token, and answers one page', async () => {
    server.handler = (_, response) =>
      sendJson(response, 200, { items: [secret], metadata: { resourceVersion: '9', continue: 'next' } });
    const kube = await client();
    const page = await kube.list(secrets, {
      namespace: 'ns',
      labelSelector: 'a=b,c!=d',
      fieldSelector: 'type=Opaque',
      limit: 2,
    });
    expect(page).toEqual({ items: [secret], resourceVersion: '9', continue: 'next' });
    const query = Object.fromEntries(server.requests[0]?.query ?? []);
    expect(query).toEqual({ limit: '2', labelSelector: 'a=b,c!=d', fieldSelector: 'type=Opaque' });
  });

  test('an empty list of a server that says null is empty', async () => {
    server.handler = (_, response) =>
      sendJson(response, 200, { items: null, metadata: { resourceVersion: '9', continue: '' } });
    expect(await (await client()).list(secrets)).toEqual({ items: [], resourceVersion: '9' });
  });

  test('a metadata-only resource is read as PartialObjectMetadata', async () => {
    const kube = await client();
    server.handler = (_, response) => sendJson(response, 200, { items: [], metadata: {} });
    await kube.list(metadataOnly(secrets));
    expect(server.requests[0]?.headers.accept).toMatch(/as=PartialObjectMetadataList/);
  });

  test('the kinds of a version are read from its discovery document, without subresources', async () => {
    const resources = [
      { name: 'widgets', kind: 'Widget', namespaced: true },
      { name: 'widgets/status', kind: 'Widget', namespaced: true },
    ];
    server.handler = (_, response) => sendJson(response, 200, { kind: 'APIResourceList', resources });
    const kube = await client();
    expect(await kube.discover('example.com/v1')).toEqual([widgets]);
    expect(await kube.discover('v1')).toMatchObject([{ group: '', version: 'v1', plural: 'widgets' }]);
    expect(server.requests.map(({ path }) => path)).toEqual(['/apis/example.com/v1', '/api/v1']);
  });

  test.each(['', '../v1', 'a/b/c', 'a//v1', 'a/..'])('the apiVersion %j is refused', async (apiVersion) => {
    await expect((await client()).discover(apiVersion)).rejects.toThrow(/cannot be/);
    expect(server.requests).toEqual([]);
  });

  test('a strict apply asks the server to refuse fields that it does not know', async () => {
    await (await client()).applyPatch(widgets, secret, { fieldManager: 'me', strict: true });
    expect(server.requests[0]?.query.toString()).toBe('fieldManager=me&fieldValidation=Strict');
  });

  test('a server behind a path keeps that path', async () => {
    const connection = server.connection({ server: new URL(`${server.url}/k8s/clusters/c-1/`) });
    await (await client({ connection })).get(secrets, { namespace: 'ns', name: 'a' });
    expect(server.requests[0]?.path).toBe('/k8s/clusters/c-1/api/v1/namespaces/ns/secrets/a');
  });

  test('impersonation headers and the token are sent with every request', async () => {
    const connection = server.connection({
      headers: [
        ['impersonate-group', 'a'],
        ['impersonate-group', 'b'],
        ['impersonate-user', 'jane'],
      ],
      authorization: async () => 'Bearer abc',
    });
    await (await client({ connection })).get(secrets, { namespace: 'ns', name: 'a' });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer abc',
      'impersonate-user': 'jane',
      'impersonate-group': 'a, b',
    });
  });

  test.each(['..', '.', 'a/b', 'a%2fb', ''])('the name %j is refused before it becomes a path', async (name) => {
    const kube = await client();
    await expect(kube.get(secrets, { namespace: 'ns', name })).rejects.toThrow(/cannot be a name/);
    await expect(kube.get(secrets, { namespace: name, name: 'a' })).rejects.toThrow(
      /cannot be a name|needs a namespace/,
    );
    expect(server.requests).toEqual([]);
  });

  test('a namespaced object without a namespace is refused, not read from anywhere else', async () => {
    const kube = await client();
    await expect(kube.get(secrets, { name: 'a' })).rejects.toThrow(/needs a namespace/);
    await expect(kube.create(secrets, { metadata: { name: 'a' } })).rejects.toThrow(/cannot be a name/);
    expect(server.requests).toEqual([]);
  });
});

describe('refusals', () => {
  test('a 403 names verb and resource and says what the server said', async () => {
    server.handler = refuse(403, 'Forbidden', 'secrets is forbidden: User "x" cannot list resource "secrets"');
    const error = await (await client()).list(secrets, { namespace: 'prod' }).catch((refusal: unknown) => refusal);
    expect(isForbidden(error)).toBe(true);
    expect(String(error)).toBe(
      'ApiError: cannot list secrets prod: secrets is forbidden: User "x" cannot list resource "secrets"',
    );
  });

  test.each([
    [404, 'NotFound', undefined, isNotFound],
    [409, 'Conflict', undefined, isConflict],
    [409, 'AlreadyExists', undefined, isAlreadyExists],
    [410, 'Expired', undefined, isGone],
    [403, 'Forbidden', { causes: [{ reason: 'NamespaceTerminating' }] }, isNamespaceTerminating],
  ])('%i %s is recognised', async (code, reason, details, is) => {
    server.handler = refuse(code, reason, 'no', details);
    const error = await (await client()).replace(secrets, secret).catch((refusal: unknown) => refusal);
    expect(is(error)).toBe(true);
    expect([isConflict(error), isAlreadyExists(error)].filter(Boolean).length).toBeLessThanOrEqual(1);
  });

  test('what a proxy in between says is not repeated', async () => {
    server.handler = (_, response) => void response.writeHead(502).end('<html>secret page</html>');
    await expect((await client()).create(secrets, secret)).rejects.toThrow(
      'cannot create secrets ns/app: the server answered 502',
    );
  });

  test('an answer that is no JSON is an error that does not quote it', async () => {
    server.handler = (_, response) => void response.writeHead(200).end('hunter2 is the password');
    const error = await (await client())
      .get(secrets, { namespace: 'ns', name: 'a' })
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(Error);
    expect(JSON.stringify([error, String(error), (error as Error).cause, (error as Error).stack])).not.toContain(
      'hunter2',
    );
  });
});

describe('retries', () => {
  test.each([429, 500, 503])('a %i with Retry-After is tried again after that time, also a write', async (code) => {
    inTurn(
      (_, response) => sendJson(response, code, statusObject(code, 'TooManyRequests', 'later'), { 'retry-after': '2' }),
      (_, response) => sendJson(response, 201, { metadata: { resourceVersion: '8' } }),
    );
    const kube = await client();
    expect((await settled(kube.create(secrets, secret))).metadata.resourceVersion).toBe('8');
    expect(clock.monotonic()).toBeGreaterThanOrEqual(2_000);
    expect(observed.map((seen) => seen.code)).toEqual([String(code), '201']);
  });

  test('a 500 without Retry-After is not tried again', async () => {
    server.handler = refuse(500, 'InternalError');
    await expect((await client()).create(secrets, secret)).rejects.toMatchObject({ status: 500 });
    expect(server.requests).toHaveLength(1);
  });

  test('a read whose connection breaks is tried again, a write is not', async () => {
    const breaking: WireHandler = (_, response) => void response.socket?.destroy();
    const kube = await client();
    inTurn(breaking, (_, response) => sendJson(response, 200, { metadata: { name: 'a' } }));
    expect((await settled(kube.get(secrets, { namespace: 'ns', name: 'a' }))).metadata.name).toBe('a');
    inTurn(breaking);
    await expect(settled(kube.create(secrets, secret))).rejects.toBeInstanceOf(ConnectionError);
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(observed.at(-1)?.code).toBe('<error>');
  });

  test('a server that is not there is a ConnectionError that says so', async () => {
    await server.stop();
    await expect(settled((await client()).get(secrets, { namespace: 'ns', name: 'a' }))).rejects.toThrow(
      /^cannot get secrets ns\/a: .*ECONNREFUSED/,
    );
  });

  test('after a 401 the credentials are asked for anew, once', async () => {
    let token = 'old';
    const connection = server.connection({
      authorization: () => `Bearer ${token}`,
      credentialsRefused() {
        token = 'new';
      },
    });
    server.handler = (request, response) =>
      request.headers.authorization === 'Bearer new'
        ? sendJson(response, 200, { metadata: { name: 'a' } })
        : sendJson(response, 401, statusObject(401, 'Unauthorized', 'Unauthorized'));
    const kube = await client({ connection });
    await kube.get(secrets, { namespace: 'ns', name: 'a' });
    expect(server.requests).toHaveLength(2);
    server.handler = refuse(401, 'Unauthorized');
    await expect(kube.get(secrets, { namespace: 'ns', name: 'a' })).rejects.toMatchObject({ status: 401 });
    expect(server.requests).toHaveLength(4);
  });
});

describe('ends', () => {
  test('a server that hangs is given up after the timeout', async () => {
    server.handler = () => {};
    await expect(settled((await client()).create(secrets, secret, { timeoutMs: 5_000 }))).rejects.toThrow(
      'cannot create secrets ns/app: no answer within 5000 ms',
    );
  });

  test('the timeout includes the waits between tries', async () => {
    server.handler = (_, response) =>
      sendJson(response, 429, statusObject(429, 'TooManyRequests', 'no'), { 'retry-after': '60' });
    await expect(settled((await client()).create(secrets, secret))).rejects.toBeInstanceOf(ConnectionError);
    expect(server.requests).toHaveLength(1);
  });

  test('an abort rejects with its own reason and leaves no timer', async () => {
    server.handler = () => {};
    const abort = new AbortController();
    const request = (await client()).get(secrets, { namespace: 'ns', name: 'a' }, { signal: abort.signal });
    await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort(new Error('not needed any more'));
    await expect(request).rejects.toThrow('not needed any more');
    expect(clock.pendingTimers).toBe(0);
    expect(observed).toHaveLength(1);
  });

  test('requests over the client-side rate wait their turn', async () => {
    const kube = await client({ rate: { perSecond: 10, burst: 1 } });
    await settled(Promise.all([1, 2, 3].map(() => kube.get(secrets, { namespace: 'ns', name: 'a' }))));
    expect(clock.monotonic()).toBeGreaterThanOrEqual(200);
  });
});
