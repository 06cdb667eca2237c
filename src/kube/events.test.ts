import { beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject, ObjectName } from '../api/object.ts';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import { ApiError, ConnectionError } from './errors.ts';
import { type EventLoss, EventRecorder } from './events.ts';
import type { Event, ObjectReference } from './resources.ts';

/** Events as the API server would hold them; each request takes until the test lets it through, or fails as told. */
class EventTable {
  readonly events = new Map<string, Event>();
  requests = 0;
  failures: Error[] = [];
  gate: Promise<void> = Promise.resolve();

  async create(_: unknown, object: KubeObject): Promise<KubeObject> {
    await this.#arrive();
    const name = object.metadata.name ?? '';
    if (this.events.has(name)) throw new ApiError('exists', { status: 409, reason: 'AlreadyExists' });
    // The recorder creates nothing but events.
    this.events.set(name, object as Event);
    return object;
  }

  async mergePatch(_: unknown, { name }: ObjectName, patch: object): Promise<KubeObject> {
    await this.#arrive();
    const event = this.events.get(name);
    if (event === undefined) throw new ApiError('gone', { status: 404, reason: 'NotFound' });
    this.events.set(name, { ...event, ...patch });
    return event;
  }

  async #arrive(): Promise<void> {
    this.requests += 1;
    await this.gate;
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
  }

  summaries(): string[] {
    return [...this.events.values()].map((event) => `${event.type} ${event.reason} ${event.message} x${event.count}`);
  }
}

const about: ObjectReference = {
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  namespace: 'ns',
  name: 'es',
  uid: 'u1',
};

let clock: FakeClock;
let table: EventTable;
let losses: EventLoss[];
let recorder: EventRecorder;

beforeEach(() => {
  clock = new FakeClock();
  table = new EventTable();
  losses = [];
  recorder = new EventRecorder({
    kube: table,
    component: 'external-secrets',
    clock,
    onLost: (loss) => losses.push(loss),
  });
});

test('an event is written in the core form, next to its object', async () => {
  recorder.event(about, 'Normal', 'Created', 'secret created');
  await recorder.flush();
  const [event] = table.events.values();
  expect(event).toMatchObject({
    metadata: { namespace: 'ns' },
    involvedObject: about,
    type: 'Normal',
    reason: 'Created',
    message: 'secret created',
    source: { component: 'external-secrets' },
    count: 1,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
  });
  expect(event?.metadata.name).toMatch(/^es\.[0-9a-f]{15,}$/);
});

test('events of objects in cluster scope go to the namespace default', async () => {
  recorder.event(
    { apiVersion: 'external-secrets.io/v1', kind: 'ClusterSecretStore', name: 'css' },
    'Warning',
    'ValidationFailed',
    'no',
  );
  await recorder.flush();
  expect([...table.events.values()][0]?.metadata.namespace).toBe('default');
});

describe('the same event again', () => {
  test('counts up in the one that is there', async () => {
    recorder.event(about, 'Warning', 'UpdateFailed', 'denied');
    await clock.advanceAsync(0);
    await clock.advanceAsync(60_000);
    recorder.event(about, 'Warning', 'UpdateFailed', 'denied');
    await recorder.flush();
    expect(table.summaries()).toEqual(['Warning UpdateFailed denied x2']);
    expect([...table.events.values()][0]?.lastTimestamp).toBe('2026-01-01T00:01:00Z');
    expect(table.requests).toBe(2);
  });

  test('costs no request of its own while the one before waits', async () => {
    const gate = Promise.withResolvers<void>();
    table.gate = gate.promise;
    for (let i = 0; i < 10; i += 1) recorder.event(about, 'Warning', 'UpdateFailed', 'denied');
    gate.resolve();
    await recorder.flush();
    expect(table.summaries()).toEqual(['Warning UpdateFailed denied x10']);
    expect(table.requests).toBeLessThanOrEqual(2);
  });

  test('is made anew when the cluster has forgotten it', async () => {
    recorder.event(about, 'Warning', 'UpdateFailed', 'denied');
    await clock.advanceAsync(0);
    table.events.clear();
    recorder.event(about, 'Warning', 'UpdateFailed', 'denied');
    await recorder.flush();
    expect(table.summaries()).toEqual(['Warning UpdateFailed denied x2']);
  });

  test('of another object, type or reason is another event', async () => {
    recorder.event(about, 'Warning', 'UpdateFailed', 'denied');
    recorder.event({ ...about, uid: 'u2' }, 'Warning', 'UpdateFailed', 'denied');
    recorder.event(about, 'Normal', 'UpdateFailed', 'denied');
    recorder.event(about, 'Warning', 'Deleted', 'denied');
    await recorder.flush();
    expect(table.events.size).toBe(4);
  });
});

describe('too much', () => {
  test('more than ten different messages about one thing become one event', async () => {
    for (let i = 0; i < 15; i += 1) recorder.event(about, 'Warning', 'UpdateFailed', `attempt ${i}`);
    await recorder.flush();
    expect(table.events.size).toBe(11);
    expect(table.summaries().at(-1)).toMatch(/^Warning UpdateFailed \(combined from similar events\): attempt 14 x5$/);
  });

  test('an object has 25 events at once, then one in five minutes; others are not affected', async () => {
    for (let i = 0; i < 40; i += 1) recorder.event(about, 'Warning', 'UpdateFailed', 'denied');
    recorder.event({ ...about, uid: 'u2' }, 'Warning', 'UpdateFailed', 'denied');
    await clock.advanceAsync(0);
    expect(losses).toEqual(Array(15).fill('spam'));
    expect(table.summaries()).toEqual(['Warning UpdateFailed denied x25', 'Warning UpdateFailed denied x1']);
    await clock.advanceAsync(5 * 60_000);
    recorder.event(about, 'Warning', 'UpdateFailed', 'denied');
    recorder.event(about, 'Warning', 'UpdateFailed', 'denied');
    await recorder.flush();
    expect(table.summaries()[0]).toBe('Warning UpdateFailed denied x26');
  });

  test('when the cluster takes them too slowly the newest are dropped, and the teller never waits', async () => {
    const gate = Promise.withResolvers<void>();
    table.gate = gate.promise;
    for (let i = 0; i < 10_500; i += 1)
      recorder.event({ ...about, name: `es-${i}` }, 'Normal', 'Created', 'secret created');
    expect(recorder.pending).toBe(10_002);
    expect(losses).toEqual(Array(498).fill('full'));
    gate.resolve();
    await recorder.flush();
    expect(table.events.size).toBe(10_002);
  });

  test('a message is cut to what the API takes', async () => {
    recorder.event(about, 'Warning', 'UpdateFailed', 'x'.repeat(5_000));
    await recorder.flush();
    expect([...table.events.values()][0]?.message).toHaveLength(1_024);
  });

  test('the name of the event stays within the API limit', async () => {
    recorder.event({ ...about, name: 'n'.repeat(253) }, 'Warning', 'UpdateFailed', 'denied');
    await recorder.flush();
    expect([...table.events.keys()][0]!.length).toBeLessThanOrEqual(253);
  });
});

describe('failures', () => {
  test('a server that is away is tried again, and one event comes of it', async () => {
    table.failures = [new ConnectionError('refused'), new ApiError('overloaded', { status: 503, reason: '' })];
    recorder.event(about, 'Normal', 'Created', 'secret created');
    await clock.advanceAsync(1_000);
    await clock.advanceAsync(5_000);
    expect(table.summaries()).toEqual(['Normal Created secret created x1']);
    expect(losses).toEqual([]);
  });

  test('an event that was made although no answer came is not made twice', async () => {
    let hasBroken = false;
    const flaky = {
      async create(resource: unknown, object: KubeObject): Promise<KubeObject> {
        const created = await table.create(resource, object);
        if (hasBroken) return created;
        hasBroken = true;
        throw new ConnectionError('broken after the write');
      },
      mergePatch: (resource: unknown, name: ObjectName, patch: object) => table.mergePatch(resource, name, patch),
    };
    recorder = new EventRecorder({ kube: flaky, component: 'external-secrets', clock });
    recorder.event(about, 'Normal', 'Created', 'secret created');
    await clock.advanceAsync(1_000);
    expect(table.summaries()).toEqual(['Normal Created secret created x1']);
  });

  test('an event that the server refuses is lost at once, as in a namespace that is going', async () => {
    table.failures = [new ApiError('terminating', { status: 403, reason: 'Forbidden' })];
    recorder.event(about, 'Normal', 'Created', 'secret created');
    await clock.advanceAsync(0);
    expect(losses).toEqual(['refused']);
    expect(recorder.pending).toBe(0);
  });

  test('at the end nothing is waited for: what cannot be written at once is lost', async () => {
    table.failures = Array.from({ length: 10 }, () => new ConnectionError('refused'));
    recorder.event(about, 'Normal', 'Created', 'secret created');
    await clock.advanceAsync(0);
    await recorder.flush();
    expect(losses).toEqual(['refused']);
    expect(clock.pendingTimers).toBe(0);
  });
});

test('a hundred thousand events about twenty thousand objects leave only what is bounded', () => {
  const gate = Promise.withResolvers<void>();
  table.gate = gate.promise;
  for (let i = 0; i < 100_000; i += 1)
    recorder.event({ ...about, name: `es-${i % 20_000}` }, 'Normal', 'Updated', `version ${i}`);
  expect(recorder.pending).toBeLessThanOrEqual(10_002);
  gate.resolve();
});
