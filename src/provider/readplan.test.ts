import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import { ProviderError } from './errors.ts';
import type { RemoteRef, RemoteSecret, SecretsClient } from './provider.ts';
import { executeReads, planReads, type ReadRequest } from './readplan.ts';
import { SharedReads } from './sharedreads.ts';

const never = new AbortController().signal;

/** Answers each read with its key and the number of the read, so that two reads never answer the same. */
class TestClient implements SecretsClient {
  reads = 0;
  running = 0;
  mostRunning = 0;
  readonly name: string;

  constructor(name = 'store') {
    this.name = name;
  }

  async validate(): Promise<'ready'> {
    return 'ready';
  }

  readKey({ key, version = '' }: RemoteRef): string {
    if (key === 'malformed') throw new ProviderError('invalid', 'no such kind of key');
    return JSON.stringify([key, version]);
  }

  async read(ref: RemoteRef): Promise<RemoteSecret> {
    this.reads += 1;
    const text = `${this.name} ${ref.key} ${ref.version ?? ''} read ${this.reads}`;
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    await Promise.resolve();
    this.running -= 1;
    if (ref.key === 'absent') throw new ProviderError('notFound', 'no absent');
    return { value: () => Buffer.from(text), map: () => new Map() };
  }

  isShareable({ key }: RemoteRef): boolean {
    return !key.startsWith('dynamic');
  }

  async close(): Promise<void> {
    // Nothing to give back.
  }
}

async function execute(requests: readonly ReadRequest[], concurrency?: number): Promise<(string | ProviderError)[]> {
  const reads = new SharedReads({ clock: new FakeClock(), metrics: { observeRead() {} } });
  const options = { reads, isForced: false, signal: never, ...(concurrency === undefined ? {} : { concurrency }) };
  const outcomes = await executeReads(planReads(requests), options);
  return outcomes.map((outcome) =>
    outcome instanceof ProviderError ? outcome : Buffer.from(outcome.value(undefined)).toString(),
  );
}

describe('the read plan', () => {
  it('has one read for each distinct remote secret of a store', () => {
    const [first, second] = [new TestClient(), new TestClient()];
    const plan = planReads([
      { client: first, ref: { key: 'db' } },
      { client: second, ref: { key: 'db' } },
      { client: first, ref: { key: 'db', version: '2' } },
      { client: first, ref: { key: 'db' } },
    ]);
    expect(plan.stores.map(({ client, reads }) => [client, reads.map(({ answers }) => answers)])).toEqual([
      [first, [[0, 3], [2]]],
      [second, [[1]]],
    ]);
  });

  it('answers in the order of the requests, failures in their places', async () => {
    const client = new TestClient();
    const outcomes = await execute(['a', 'absent', 'malformed', 'b', 'a'].map((key) => ({ client, ref: { key } })));
    expect(outcomes[1]).toMatchObject({ kind: 'notFound' });
    expect(outcomes[2]).toMatchObject({ kind: 'invalid' });
    expect(outcomes[0]).toBe(outcomes[4]);
    expect(outcomes[3]).toContain('store b');
  });

  it('answers all entries on one dynamic path from one read', async () => {
    const client = new TestClient();
    const outcomes = await execute(Array.from({ length: 5 }, () => ({ client, ref: { key: 'dynamic/db' } })));
    expect(new Set(outcomes).size).toBe(1);
    expect(client.reads).toBe(1);
  });

  it('reads with bounded concurrency', async () => {
    const client = new TestClient();
    await execute(
      Array.from({ length: 20 }, (_, index) => ({ client, ref: { key: `key-${index}` } })),
      3,
    );
    expect(client.mostRunning).toBe(3);
  });

  it('uses a batch where the client has one', async () => {
    const batches: number[] = [];
    const client = Object.assign(new TestClient(), {
      async readMany(refs: readonly RemoteRef[]) {
        batches.push(refs.length);
        return new Map(refs.map((ref) => [client.readKey(ref), new ProviderError('denied', 'no')] as const));
      },
    });
    await execute(['a', 'b', 'c', 'a'].map((key) => ({ client, ref: { key } })));
    await execute([{ client, ref: { key: 'a' } }]);
    expect(batches).toEqual([3]);
    expect(client.reads).toBe(1);
  });

  it('rejects with the signal’s reason when aborted', async () => {
    const client = new TestClient();
    const reads = new SharedReads({ clock: new FakeClock(), metrics: { observeRead() {} } });
    const reason = new Error('given up');
    const plan = planReads([{ client, ref: { key: 'a' } }]);
    await expect(executeReads(plan, { reads, isForced: false, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });

  it('reads each distinct secret once and gives equal requests equal answers, whatever the entries', async () => {
    const request = fc.record({
      store: fc.integer({ min: 0, max: 2 }),
      key: fc.constantFrom('a', 'b', 'dynamic/c'),
      version: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 30 }), async (wanted) => {
        const clients = [new TestClient('s0'), new TestClient('s1'), new TestClient('s2')];
        const requests = wanted.map(({ store, key, version }) => ({
          client: clients[store]!,
          ref: version === undefined ? { key } : { key, version },
        }));
        const outcomes = await execute(requests);
        const distinct = new Map(wanted.map((one, index) => [JSON.stringify(one), outcomes[index]]));
        for (const [index, one] of wanted.entries()) expect(outcomes[index]).toBe(distinct.get(JSON.stringify(one)));
        expect(clients.reduce((sum, { reads }) => sum + reads, 0)).toBe(distinct.size);
      }),
      { numRuns: 100 },
    );
  });
});
