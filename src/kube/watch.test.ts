import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import type { KubeClient, WatchEvent } from './client.ts';
import { ConnectionError, isGone } from './errors.ts';
import { openKubeClient } from './open.ts';
import type { RequestObservation } from './requester.ts';
import { configMaps } from './resources.ts';
import { sendJson, statusObject, WireServer } from './testing/wireserver.ts';

let server: WireServer;
let kube: KubeClient;
let observed: RequestObservation[];
let abort: AbortController;
/** The answer of the watch that is open. */
let stream: PromiseWithResolvers<ServerResponse>;

beforeEach(async () => {
  stream = Promise.withResolvers();
  server = new WireServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    stream.resolve(response);
  });
  await server.start();
  observed = [];
  abort = new AbortController();
  kube = await openKubeClient({
    connection: server.connection(),
    clock: new FakeClock(),
    userAgent: 'test/1',
    watchIdleTimeoutMs: 1_500,
    onRequest: (observation) => void observed.push(observation),
  });
});

afterEach(async () => {
  await kube.close();
  await server.stop();
});

interface Following {
  readonly events: WatchEvent<KubeObject>[];
  /** Undefined: ended in order. */
  readonly ended: Promise<unknown>;
}

function follow(): Following {
  const events: WatchEvent<KubeObject>[] = [];
  const reading = async (): Promise<unknown> => {
    const options = { resourceVersion: '5', timeoutSeconds: 300, signal: abort.signal };
    try {
      for await (const event of kube.watch(configMaps, options)) events.push(event);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  return { events, ended: reading() };
}

function line(type: string, name: string, resourceVersion: string): string {
  return `${JSON.stringify({ type, object: { metadata: { name, resourceVersion } } })}\n`;
}

test('asks for bookmarks from its version on and gives typed events in order', async () => {
  const { events, ended } = follow();
  const response = await stream.promise;
  response.write(line('ADDED', 'a', '6') + line('MODIFIED', 'a', '7'));
  response.write(line('DELETED', 'a', '8') + line('BOOKMARK', '', '9'));
  response.end();
  expect(await ended).toBeUndefined();
  expect(events.map((event) => event.type)).toEqual(['added', 'modified', 'deleted', 'bookmark']);
  expect(events[3]).toEqual({ type: 'bookmark', resourceVersion: '9' });
  const query = Object.fromEntries(server.requests[0]?.query ?? []);
  expect(query).toEqual({ watch: 'true', allowWatchBookmarks: 'true', resourceVersion: '5', timeoutSeconds: '300' });
  expect(observed).toMatchObject([{ verb: 'watch', resource: 'configmaps', code: '200' }]);
});

test('an event that comes in pieces is given once, when it is whole', async () => {
  const { events, ended } = follow();
  const response = await stream.promise;
  for (const byte of Buffer.from(line('ADDED', 'é', '6'))) {
    response.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
  await ended;
  expect(events).toHaveLength(1);
});

test('a line cut in the middle is an error, and what came before is given', async () => {
  const { events, ended } = follow();
  const response = await stream.promise;
  response.end(`${line('ADDED', 'a', '6')}{"type":"MODI`);
  expect(await ended).toBeInstanceOf(ConnectionError);
  expect(events).toHaveLength(1);
});

test('a connection that breaks is an error, and what came before is given', async () => {
  const { events, ended } = follow();
  const response = await stream.promise;
  response.write(line('ADDED', 'a', '6'));
  await expect.poll(() => events.length).toBe(1);
  response.destroy();
  expect(await ended).toBeInstanceOf(ConnectionError);
});

test('an error event is thrown as what it says', async () => {
  const { ended } = follow();
  const response = await stream.promise;
  const status = statusObject(410, 'Expired', 'too old resource version: 5 (100)');
  response.end(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
  const error = await ended;
  expect(isGone(error)).toBe(true);
  expect(String(error)).toBe('ApiError: cannot watch configmaps: too old resource version: 5 (100)');
});

test('a refused watch is thrown as what the server said', async () => {
  server.handler = (_, response) => sendJson(response, 403, statusObject(403, 'Forbidden', 'no'));
  const { ended } = follow();
  expect(String(await ended)).toBe('ApiError: cannot watch configmaps: no');
});

test('a line that is no event is an error that does not quote it', async () => {
  const { ended } = follow();
  (await stream.promise).end('{"password": hunter2}\n');
  const error = await ended;
  expect(error).toBeInstanceOf(ConnectionError);
  expect(JSON.stringify([String(error), (error as Error).stack, String((error as Error).cause)])).not.toContain(
    'hunter2',
  );
});

test('a watch of which nothing is heard ends in order, to be opened anew', async () => {
  const { ended } = follow();
  await stream.promise;
  expect(await ended).toBeUndefined();
});

test('an abort ends the watch with its reason and closes the connection', async () => {
  const { ended } = follow();
  const response = await stream.promise;
  const closed = new Promise((resolve) => response.on('close', resolve));
  abort.abort(new Error('shutting down'));
  expect(String(await ended)).toBe('Error: shutting down');
  await closed;
});

test('leaving the loop closes the connection', async () => {
  const options = { resourceVersion: '5', timeoutSeconds: 300, signal: abort.signal };
  const events = kube.watch(configMaps, options);
  const first = events.next();
  const response = await stream.promise;
  const closed = new Promise((resolve) => response.on('close', resolve));
  response.write(line('ADDED', 'a', '6'));
  await first;
  await events.return();
  await closed;
});

test('a reader that is slow stops the server, not the memory', async () => {
  const events = kube.watch(configMaps, { resourceVersion: '5', timeoutSeconds: 300, signal: abort.signal });
  const first = events.next();
  const response = await stream.promise;
  const big = line('ADDED', 'x'.repeat(64 * 1_024), '6');
  let written = 0;
  while (written < 2_000 && response.write(big)) written += 1;
  await first;
  // The socket's buffers and ours take some megabytes; then the server is told to wait.
  for (let turn = 0; turn < 200 && !response.writableNeedDrain; turn += 1) {
    while (response.write(big)) written += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(response.writableNeedDrain).toBe(true);
  response.end();
  let count = 1;
  for await (const _ of events) count += 1;
  expect(count).toBeGreaterThan(1);
});
