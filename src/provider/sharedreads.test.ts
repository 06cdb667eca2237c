import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import { ProviderError } from './errors.ts';
import type { RemoteRef, RemoteSecret, SecretsClient } from './provider.ts';
import { SharedReads, type SharedReadsOptions } from './sharedreads.ts';

const never = new AbortController().signal;

let clock: FakeClock;
let outcomes: string[];

beforeEach(() => {
  clock = new FakeClock();
  outcomes = [];
});

function sharedReads(options: Partial<SharedReadsOptions> = {}): SharedReads {
  return new SharedReads({ clock, metrics: { observeRead: (outcome) => void outcomes.push(outcome) }, ...options });
}

function secretOf(text: string): RemoteSecret {
  return { value: () => Buffer.from(text), map: () => new Map() };
}

/** A client that counts its reads; each answers `key#number of the read`, when and how the test says. */
class TestClient implements SecretsClient {
  readonly reads: string[] = [];
  readonly batches: string[][] = [];
  readonly signals: AbortSignal[] = [];
  respond: (key: string, read: number) => Promise<RemoteSecret> = async (key, read) => secretOf(`${key}#${read}`);

  async validate(): Promise<'ready'> {
    return 'ready';
  }

  readKey({ key, version = '' }: RemoteRef): string {
    return `${key}@${version}`;
  }

  read(ref: RemoteRef, signal: AbortSignal): Promise<RemoteSecret> {
    this.reads.push(ref.key);
    this.signals.push(signal);
    return this.respond(ref.key, this.reads.length);
  }

  isShareable({ key }: RemoteRef): boolean {
    return !key.startsWith('dynamic/');
  }

  async close(): Promise<void> {
    // Nothing to give back.
  }
}

class BatchClient extends TestClient {
  async readMany(refs: readonly RemoteRef[]): Promise<ReadonlyMap<string, RemoteSecret | ProviderError>> {
    this.batches.push(refs.map(({ key }) => key));
    const answer = async (ref: RemoteRef) =>
      [
        this.readKey(ref),
        ref.key === 'absent' ? new ProviderError('notFound', 'no absent') : await this.respond(ref.key, 0),
      ] as const;
    return new Map(await Promise.all(refs.map(answer)));
  }
}

async function fetchText(
  reads: SharedReads,
  client: SecretsClient,
  key: string,
  isForced = false,
  signal = never,
): Promise<string> {
  const answers = await reads.fetch(client, [{ key }], { isForced, signal });
  const answer = answers.get(client.readKey({ key }));
  if (answer === undefined || answer instanceof ProviderError) throw answer ?? new Error('no answer');
  return Buffer.from(answer.value(undefined)).toString();
}

describe('shared reads', () => {
  it('join a read under way', async () => {
    const [reads, client] = [sharedReads(), new TestClient()];
    const texts = await Promise.all(Array.from({ length: 50 }, () => fetchText(reads, client, 'db')));
    expect(new Set(texts)).toEqual(new Set(['db#1']));
    expect(client.reads).toEqual(['db']);
    expect(outcomes.filter((outcome) => outcome === 'coalesced')).toHaveLength(49);
  });

  it('answer from a moment ago for three seconds, and then no longer keep the value', async () => {
    const [reads, client] = [sharedReads(), new TestClient()];
    await fetchText(reads, client, 'db');
    clock.advance(2_999);
    expect(await fetchText(reads, client, 'db')).toBe('db#1');
    expect(reads.keptBytes).toBe(4);
    clock.advance(1);
    expect(reads.keptBytes).toBe(0);
    expect(clock.pendingTimers).toBe(0);
    expect(await fetchText(reads, client, 'db')).toBe('db#2');
    expect(outcomes).toEqual(['miss', 'hit', 'miss']);
  });

  it('count the three seconds from when the value came, not from its last use', async () => {
    const [reads, client] = [sharedReads(), new TestClient()];
    for (let second = 0; second < 7; second += 1) {
      await fetchText(reads, client, 'db');
      clock.advance(1_000);
    }
    expect(client.reads).toHaveLength(3);
  });

  it('tell versions apart, and clients', async () => {
    const [reads, client, other] = [sharedReads(), new TestClient(), new TestClient()];
    await reads.fetch(client, [{ key: 'db' }, { key: 'db', version: '2' }], { isForced: false, signal: never });
    await fetchText(reads, other, 'db');
    expect([client.reads, other.reads]).toEqual([['db', 'db'], ['db']]);
  });

  it('are not used for a refresh that somebody forced', async () => {
    const [reads, client] = [sharedReads(), new TestClient()];
    await fetchText(reads, client, 'db');
    expect(await fetchText(reads, client, 'db', true)).toBe('db#2');
  });

  it('never answer with something older than what a forced refresh has read', async () => {
    const [reads, client] = [sharedReads(), new TestClient()];
    const { promise: early, resolve } = Promise.withResolvers<RemoteSecret>();
    client.respond = async (key, read) => (read === 1 ? early : secretOf(`${key}#${read}`));
    const reading = fetchText(reads, client, 'db');
    await clock.advanceAsync(0);
    expect(await fetchText(reads, client, 'db', true)).toBe('db#2');
    resolve(secretOf('db#1'));
    expect(await reading).toBe('db#1');
    expect(await fetchText(reads, client, 'db')).toBe('db#2');
  });

  it('are not used for what is made anew with each read', async () => {
    const [reads, client] = [sharedReads(), new TestClient()];
    const texts = await Promise.all([fetchText(reads, client, 'dynamic/db'), fetchText(reads, client, 'dynamic/db')]);
    expect(texts).toEqual(['dynamic/db#1', 'dynamic/db#2']);
    expect(reads.keptBytes).toBe(0);
  });

  it('do not keep what is leased', async () => {
    const [reads, client] = [sharedReads(), new TestClient()];
    client.respond = async () => ({ ...secretOf('user'), lease: { id: 'l', durationMs: 1, renewable: false } });
    await fetchText(reads, client, 'db');
    expect(reads.keptBytes).toBe(0);
  });

  it('share a failure while it is under way, and do not keep it', async () => {
    const [reads, client] = [sharedReads(), new TestClient()];
    client.respond = () => Promise.reject(new ProviderError('unavailable', 'down'));
    const failing = await Promise.allSettled([fetchText(reads, client, 'db'), fetchText(reads, client, 'db')]);
    expect(failing).toMatchObject([{ reason: { kind: 'unavailable' } }, { reason: { kind: 'unavailable' } }]);
    expect(client.reads).toHaveLength(1);
    client.respond = async () => secretOf('back');
    expect(await fetchText(reads, client, 'db')).toBe('back');
  });

  it('go on for the others when one gives up, and end when all have', async () => {
    const [reads, client] = [sharedReads(), new TestClient()];
    const { promise, resolve } = Promise.withResolvers<RemoteSecret>();
    client.respond = () => promise;
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    const waiting = controllers.map(({ signal }) => fetchText(reads, client, 'db', false, signal));
    await clock.advanceAsync(0);
    const reason = new Error('given up');
    controllers[0]?.abort(reason);
    await expect(waiting[0]).rejects.toBe(reason);
    expect(client.signals[0]?.aborted).toBe(false);
    resolve(secretOf('value'));
    expect(await Promise.all(waiting.slice(1))).toEqual(['value', 'value']);

    client.respond = () => new Promise(() => undefined);
    const last = new AbortController();
    const alone = fetchText(reads, client, 'other', false, last.signal);
    await clock.advanceAsync(0);
    last.abort(reason);
    await expect(alone).rejects.toBe(reason);
    expect(client.signals[1]?.aborted).toBe(true);
    client.respond = async () => secretOf('anew');
    expect(await fetchText(reads, client, 'other')).toBe('anew');
  });

  it('do not join a read that was given up before it began', async () => {
    const [reads, client] = [sharedReads(), new TestClient()];
    const reason = new Error('given up');
    await expect(fetchText(reads, client, 'db', false, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(client.reads).toEqual([]);
    expect(await fetchText(reads, client, 'db')).toBe('db#1');
  });

  it('forget what a client has read once it has written', async () => {
    const [reads, client] = [sharedReads(), new TestClient()];
    await fetchText(reads, client, 'db');
    reads.forget(client);
    expect(reads.keptBytes).toBe(0);
    expect(await fetchText(reads, client, 'db')).toBe('db#2');
  });

  it('do not keep what was being read when the client wrote', async () => {
    const [reads, client] = [sharedReads(), new TestClient()];
    const { promise, resolve } = Promise.withResolvers<RemoteSecret>();
    client.respond = () => promise;
    const reading = fetchText(reads, client, 'db');
    await clock.advanceAsync(0);
    reads.forget(client);
    resolve(secretOf('old'));
    await reading;
    expect(reads.keptBytes).toBe(0);
  });
});

describe('shared reads in batches', () => {
  it('read several at once where the client can, without what others are reading', async () => {
    const [reads, client] = [sharedReads(), new BatchClient()];
    await fetchText(reads, client, 'a');
    const refs = ['a', 'b', 'c', 'absent'].map((key) => ({ key }));
    const answers = await reads.fetch(client, refs, { isForced: false, signal: never });
    expect(client.batches).toEqual([['b', 'c', 'absent']]);
    expect(answers.get('absent@')).toMatchObject({ kind: 'notFound' });
    expect(answers.size).toBe(4);
    await fetchText(reads, client, 'c');
    expect(client.reads).toEqual(['a']);
  });

  it('let a single read join a batch under way', async () => {
    const [reads, client] = [sharedReads(), new BatchClient()];
    const batch = reads.fetch(client, [{ key: 'a' }, { key: 'b' }], { isForced: false, signal: never });
    expect(await fetchText(reads, client, 'b')).toBe('b#0');
    await batch;
    expect(client.reads).toEqual([]);
  });

  it('fail for all when the batch fails', async () => {
    const [reads, client] = [sharedReads(), new BatchClient()];
    client.readMany = () => Promise.reject(new ProviderError('throttled', 'slow down', { retryAfterMs: 1_000 }));
    const answers = await reads.fetch(client, [{ key: 'a' }, { key: 'b' }], { isForced: false, signal: never });
    expect([...answers.values()]).toMatchObject([{ kind: 'throttled', retryAfterMs: 1_000 }, { kind: 'throttled' }]);
  });

  it('say so when a batch has no answer for one of its refs', async () => {
    const [reads, client] = [sharedReads(), new BatchClient()];
    client.readMany = async () => new Map([['a@', secretOf('a')]]);
    const answers = await reads.fetch(client, [{ key: 'a' }, { key: 'b' }], { isForced: false, signal: never });
    expect(answers.get('b@')).toMatchObject({ kind: 'unavailable' });
  });
});

describe('the memory of shared reads', () => {
  it('is bounded in bytes and entries, whatever is read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 60 })), { maxLength: 40 }),
        async (steps) => {
          const reads = sharedReads({ maxBytes: 100, maxEntries: 4 });
          const client = new TestClient();
          let size = 0;
          client.respond = async () => secretOf('x'.repeat(size));
          for (const [key, bytes] of steps) {
            size = bytes;
            await fetchText(reads, client, String(key));
            expect(reads.keptBytes).toBeLessThanOrEqual(100);
            clock.advance(bytes * 10);
          }
          clock.advance(3_000);
          expect(reads.keptBytes).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('takes the size that the provider gives, and does not keep what is too large', async () => {
    const [reads, client] = [sharedReads({ maxBytes: 100 }), new TestClient()];
    client.respond = async () => ({ ...secretOf('x'), sizeBytes: 50 });
    await fetchText(reads, client, 'a');
    expect(reads.keptBytes).toBe(50);
    client.respond = async () => ({ ...secretOf('x'), sizeBytes: 101 });
    await fetchText(reads, client, 'b');
    expect(reads.keptBytes).toBe(50);
  });
});
