import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import type { KubeClient } from '../kube/client.ts';
import { openKubeClient } from '../kube/open.ts';
import { configMaps } from '../kube/resources.ts';
import { sendJson, statusObject } from '../kube/testing/wireserver.ts';
import { keyOf } from './key.ts';
import { SharedInformer } from './sharedinformer.ts';
import { CollectionServer } from './testing/collectionserver.ts';
import { FakeClock } from './testing/fakeclock.ts';
import { RecordingLogger } from './testing/recordinglogger.ts';

interface Item extends KubeObject {
  readonly value?: number;
  readonly store?: string;
}

let server: CollectionServer;
let clock: FakeClock;
let log: RecordingLogger;
let kube: KubeClient;
let abort: AbortController;
let running: Promise<void>;
let informer: SharedInformer<Item, 'store'>;
/** What the handlers were told, as text. */
let told: string[];

beforeEach(async () => {
  server = new CollectionServer();
  await server.wire.start();
  clock = new FakeClock();
  log = new RecordingLogger();
  abort = new AbortController();
  kube = await openKubeClient({ connection: server.wire.connection(), clock, userAgent: 'test/1' });
  told = [];
  running = Promise.resolve();
});

afterEach(async () => {
  abort.abort();
  await running;
  await kube.close();
  await server.wire.stop();
});

function follow(): void {
  informer = new SharedInformer<Item, 'store'>({
    kube,
    resource: configMaps,
    selection: { namespace: 'ns' },
    indexes: { store: (item) => (item.store === undefined ? [] : [item.store]) },
    clock,
    log,
    random: () => 0,
  });
  informer.addHandler({
    added: (item, initial) => told.push(`${initial ? 'initial' : 'added'} ${item.metadata.name}=${item.value}`),
    updated: (item, previous) => told.push(`updated ${item.metadata.name}=${previous.value}->${item.value}`),
    deleted: (item) => told.push(`deleted ${item.metadata.name}=${item.value}`),
  });
  running = informer.run(abort.signal);
}

async function followAndSync(): Promise<void> {
  follow();
  await informer.whenSynced(abort.signal);
  await expect.poll(() => server.watches).toBe(1);
}

/** Lets real I/O happen and pending waits of the fake clock pass until the condition holds. */
async function eventually(condition: () => boolean, stepMs = 100): Promise<void> {
  for (let turn = 0; !condition(); turn += 1) {
    if (turn > 2_000) throw new Error(`never: ${condition.toString()}; told ${told.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
    clock.advance(stepMs);
  }
}

function content(): Record<string, number | undefined> {
  return Object.fromEntries([...informer.lister.values()].map((item) => [item.metadata.name, item.value]));
}

describe('a healthy server', () => {
  test('what is there is initial, what happens after is told once and in order', async () => {
    server.put('a', { value: 1 });
    await followAndSync();
    server.put('b', { value: 1 });
    server.put('a', { value: 2 });
    server.remove('b');
    await eventually(() => told.length === 4);
    expect(told).toEqual(['initial a=1', 'added b=1', 'updated a=1->2', 'deleted b=1']);
    expect(content()).toEqual({ a: 2 });
    expect(informer.lister.get('ns/a')?.value).toBe(2);
  });

  test('a long list comes in pages of 500 and is swapped in as a whole', async () => {
    for (let i = 0; i < 1_234; i += 1) server.put(`item-${i}`, { value: i });
    follow();
    expect(informer.hasSynced).toBe(false);
    await informer.whenSynced(abort.signal);
    expect(informer.lister.size).toBe(1_234);
    expect(told).toHaveLength(1_234);
    const lists = server.wire.requests.filter(({ query }) => !query.has('watch'));
    expect(lists.map(({ query }) => query.get('limit'))).toEqual(['500', '500', '500']);
    expect(lists[0]?.query.has('resourceVersion')).toBe(false);
  });

  test('the watch goes on from the list, and after an orderly end from the last event or bookmark', async () => {
    server.put('a', { value: 1 });
    await followAndSync();
    server.put('a', { value: 2 });
    await eventually(() => told.length === 2);
    const fromEvent = server.version;
    clock.advance(400_000);
    server.endWatches();
    await eventually(() => server.watches === 1 && watched().length === 2, 0);
    server.compact();
    server.bookmark();
    await expect.poll(() => informer.health.lastContactAt).toBe(clock.monotonic());
    const fromBookmark = server.version;
    clock.advance(400_000);
    server.endWatches();
    await eventually(() => watched().length === 3, 0);
    expect(watched().slice(1)).toEqual([String(fromEvent), String(fromBookmark)]);
    expect(told).toHaveLength(2);
    expect(log.lines).toEqual([]);
  });

  test('indexes follow the objects', async () => {
    server.put('a', { store: 'vault' });
    server.put('b', { store: 'vault' });
    await followAndSync();
    expect(informer.lister.byIndex('store', 'vault').map(keyOf).toSorted()).toEqual(['ns/a', 'ns/b']);
    server.put('a', { store: 'aws' });
    server.remove('b');
    await eventually(() => told.length === 4);
    expect(informer.lister.byIndex('store', 'vault')).toEqual([]);
    expect(informer.lister.byIndex('store', 'aws').map(keyOf)).toEqual(['ns/a']);
  });

  test('managed fields are not kept', async () => {
    server.intervene = (request, response) => {
      if (request.query.get('watch') !== null) return false;
      const metadata = { namespace: 'ns', name: 'a', resourceVersion: '7', managedFields: [{ manager: 'kubectl' }] };
      sendJson(response, 200, { items: [{ metadata }], metadata: { resourceVersion: '200' } });
      return true;
    };
    follow();
    await informer.whenSynced(abort.signal);
    expect(informer.lister.get('ns/a')?.metadata).toEqual({ namespace: 'ns', name: 'a', resourceVersion: '7' });
  });
});

describe('handlers', () => {
  test('one that throws is logged and harms neither the others nor the rest of the list', async () => {
    for (const name of ['a', 'b', 'c']) server.put(name, { value: 1 });
    follow();
    const others: string[] = [];
    informer.addHandler({
      added() {
        throw new Error('broken handler');
      },
      updated() {
        throw new Error('broken handler');
      },
    });
    informer.addHandler({ added: (item) => others.push(item.metadata.name ?? '') });
    await informer.whenSynced(abort.signal);
    await expect.poll(() => server.watches).toBe(1);
    server.put('a', { value: 2 });
    server.put('d', { value: 1 });
    await eventually(() => others.length === 4);
    expect(told).toEqual(['initial a=1', 'initial b=1', 'initial c=1', 'updated a=1->2', 'added d=1']);
    expect(log.lines.map(({ level, message }) => `${level} ${message}`)).toEqual(
      Array(5).fill('error event handler threw'),
    );
    expect(log.lines[0]?.fields).toMatchObject({ resource: 'configmaps', key: 'ns/a' });
  });

  test('one that comes late is told what is there', async () => {
    server.put('a', { value: 1 });
    await followAndSync();
    const late: string[] = [];
    informer.addHandler({ added: (item, initial) => late.push(`${item.metadata.name} ${initial}`) });
    expect(late).toEqual(['a true']);
  });
});

describe('faults', () => {
  test('a server that is killed and comes back is followed again, with what happened meanwhile', async () => {
    server.put('a', { value: 1 });
    await followAndSync();
    await server.wire.stop();
    server.put('b', { value: 1 });
    server.remove('a');
    await eventually(() => informer.health.lastError !== undefined);
    await server.wire.start();
    await eventually(() => told.length === 3);
    expect(told).toEqual(['initial a=1', 'added b=1', 'deleted a=1']);
    server.put('c', { value: 1 });
    await eventually(() => told.length === 4);
    expect(informer.health.lastError).toBeUndefined();
    expect(lists()).toHaveLength(1);
  });

  test('a forgotten version is answered by a new list, whose differences are told', async () => {
    for (const name of ['kept', 'changed', 'deleted']) server.put(name, { value: 1 });
    server.put('remade', { value: 1 }, 'first');
    await followAndSync();
    await server.wire.stop();
    server.put('changed', { value: 2 });
    server.put('new', { value: 1 });
    server.remove('deleted');
    server.remove('remade');
    server.put('remade', { value: 2 }, 'second');
    server.compact();
    told = [];
    await server.wire.start();
    await eventually(() => lists().length === 2 && server.watches === 1);
    expect(told.toSorted()).toEqual([
      'added new=1',
      'added remade=2',
      'deleted deleted=1',
      'deleted remade=1',
      'updated changed=1->2',
    ]);
    expect(content()).toEqual({ kept: 1, changed: 2, new: 1, remade: 2 });
  });

  test('a 410 as an event in the stream is answered by a new list', async () => {
    server.put('a', { value: 1 });
    await followAndSync();
    server.broadcast(`${JSON.stringify({ type: 'ERROR', object: statusObject(410, 'Expired', 'too old') })}\n`);
    await eventually(() => lists().length === 2 && server.watches === 1);
    expect(told).toEqual(['initial a=1']);
  });

  test('a line cut in the middle loses no event', async () => {
    await followAndSync();
    server.put('a', { value: 1 });
    server.cutWatches();
    server.put('b', { value: 1 });
    await eventually(() => told.length === 2);
    expect(told).toEqual(['added a=1', 'added b=1']);
    expect(lists()).toHaveLength(1);
  });

  test('an event that comes twice is told once', async () => {
    await followAndSync();
    server.put('a', { value: 1 });
    await eventually(() => told.length === 1);
    const metadata = { namespace: 'ns', name: 'a', uid: 'uid-a', resourceVersion: String(server.version) };
    server.broadcast(`${JSON.stringify({ type: 'MODIFIED', object: { value: 1, metadata } })}\n`);
    server.put('b', { value: 1 });
    await eventually(() => told.length === 2);
    expect(told).toEqual(['added a=1', 'added b=1']);
  });

  test('pages that expire while the list is read are read again, in one piece', async () => {
    for (let i = 0; i < 700; i += 1) server.put(`item-${i}`, { value: i });
    let hasCompacted = false;
    server.intervene = (request) => {
      if (request.query.has('continue') && !hasCompacted) {
        hasCompacted = true;
        server.compact();
      }
      return false;
    };
    await followAndSync();
    expect(informer.lister.size).toBe(700);
    expect(lists().map(({ query }) => query.get('limit'))).toEqual(['500', '500', null]);
  });

  test('a list that is slow is waited for, and then watched from', async () => {
    server.put('a', { value: 1 });
    const answers: (() => void)[] = [];
    server.intervene = (request, response) => {
      if (request.query.has('watch') || answers.length > 0) return false;
      const list = { items: [], metadata: { resourceVersion: String(server.version) } };
      answers.push(() => sendJson(response, 200, list));
      return true;
    };
    follow();
    await expect.poll(() => answers.length).toBe(1);
    server.put('b', { value: 1 });
    expect(informer.hasSynced).toBe(false);
    answers[0]?.();
    await eventually(() => told.length === 1);
    expect(told).toEqual(['added b=1']);
  });

  test('a 403 is retried until the rules are mended, says verb and resource, and shows in the health', async () => {
    server.put('a', { value: 1 });
    server.intervene = (_, response) => {
      sendJson(response, 403, statusObject(403, 'Forbidden', 'configmaps is forbidden'));
      return true;
    };
    follow();
    await eventually(() => lists().length > 5, 10_000);
    expect(informer.health).toMatchObject({
      synced: false,
      lastError: { message: 'cannot list configmaps ns: configmaps is forbidden' },
    });
    expect(log.lines[0]).toMatchObject({ level: 'warn', fields: { resource: 'configmaps' } });
    server.intervene = () => false;
    await eventually(() => informer.hasSynced, 10_000);
    expect(told).toEqual(['initial a=1']);
  });

  test('failures in a row wait longer each time, up to 30 s, and two good minutes forgive', async () => {
    server.intervene = (_, response) => {
      sendJson(response, 500, statusObject(500, 'InternalError', 'no'));
      return true;
    };
    follow();
    await eventually(() => log.lines.length === 8);
    const waits = (): unknown[] => log.lines.map(({ fields }) => fields['retryInMs']);
    expect(waits()).toEqual([800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
    server.intervene = () => false;
    await eventually(() => server.watches === 1);
    clock.advance(121_000);
    server.cutWatches();
    await eventually(() => log.lines.length === 9);
    expect(waits().at(-1)).toBe(800);
  });

  test('a server that ends every watch at once is not asked in a hot loop', async () => {
    let opened = 0;
    server.intervene = (request, response) => {
      if (!request.query.has('watch')) return false;
      opened += 1;
      response.writeHead(200).end();
      return true;
    };
    follow();
    await expect.poll(() => log.lines.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(opened).toBe(1);
    await eventually(() => opened === 3);
    expect(log.lines[0]?.fields['error']).toMatchObject({ message: 'the server ended the watch at once' });
  });

  test('a server that was restored from an older backup is listed anew', async () => {
    server.put('a', { value: 1 });
    await followAndSync();
    clock.advance(60_000);
    server.restore(50);
    server.bookmark();
    await eventually(() => lists().length === 2 && server.watches === 1);
    expect(watched().at(-1)).toBe('50');
  });

  test('a server that is behind the version it is asked for is listed anew', async () => {
    await followAndSync();
    server.intervene = (request, response) => {
      if (!request.query.has('watch') || lists().length > 1) return false;
      const details = { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }] };
      sendJson(response, 504, statusObject(504, 'Timeout', 'Too large resource version: 100, current: 7', details));
      return true;
    };
    server.cutWatches();
    await eventually(() => lists().length === 2 && server.watches === 1);
  });

  test('an abort ends it at any moment, also while it waits', async () => {
    await server.wire.stop();
    follow();
    await eventually(() => informer.health.lastError !== undefined);
    const synced = informer.whenSynced(abort.signal);
    abort.abort(new Error('shutting down'));
    await expect(synced).rejects.toThrow('shutting down');
    await running;
    expect(clock.pendingTimers).toBe(0);
  });
});

function lists() {
  return server.wire.requests.filter(({ query }) => !query.has('watch'));
}

/** The versions from which watches were opened. */
function watched(): (string | null)[] {
  return server.wire.requests
    .filter(({ query }) => query.has('watch'))
    .map(({ query }) => query.get('resourceVersion'));
}
