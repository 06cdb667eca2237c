import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { silentLogger } from '../runtime/logger.ts';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import { ClientPool, type ClientPoolOptions } from './clientpool.ts';
import type { ConnectContext, StoreIdentity } from './context.ts';
import { ProviderError } from './errors.ts';
import type { Provider, SecretsClient } from './provider.ts';
import { SessionPool } from './sessioncache.ts';
import type { StoreDefinition } from './storeclients.ts';
import { MemoryObjects } from './testing/memoryobjects.ts';

const never = new AbortController().signal;

/** A provider whose clients know what they were made from and whether they are closed. */
interface TestClient extends SecretsClient {
  readonly madeFrom: string;
  isClosed: boolean;
}

let clock: FakeClock;
let objects: MemoryObjects;
let clients: TestClient[];
/** What a connect does beyond making a client; replaced by tests. */
let onConnect: (context: ConnectContext) => Promise<string>;

function client(madeFrom: string): TestClient {
  const unused = (): never => {
    throw new Error('not part of these tests');
  };
  const made: TestClient = {
    madeFrom,
    isClosed: false,
    validate: unused,
    readKey: unused,
    read: unused,
    async close() {
      made.isClosed = true;
    },
  };
  clients.push(made);
  return made;
}

const provider: Provider = {
  name: 'test',
  Spec: z.unknown(),
  capabilities: 'ReadOnly',
  maintenance: 'Maintained',
  validate: () => ({ errors: [], warnings: [] }),
  connect: async (_, context) => client(await onConnect(context)),
};

const namespaced: StoreIdentity = { kind: 'SecretStore', namespace: 'team-a', name: 'store', uid: 'u1', generation: 1 };
const clusterWide: StoreIdentity = { kind: 'ClusterSecretStore', name: 'store', uid: 'u2', generation: 1 };

const definition = (store: StoreIdentity): StoreDefinition => ({ store, provider, spec: {} });
const secret = (namespace: string) => ({ kind: 'Secret', namespace, name: 'creds' }) as const;

function poolWith(options: Partial<ClientPoolOptions> = {}): ClientPool {
  const services = {
    settings: { environment: {}, userAgent: 'tests' },
    sessions: new SessionPool({ clock, log: silentLogger }),
    clock,
    log: silentLogger,
    metrics: { observeCall() {}, observeFailure() {} },
  };
  return new ClientPool({ services, reader: objects, ...options });
}

/** Takes a client and gives it back at once. */
async function use(pool: ClientPool, store: StoreIdentity, referent?: string): Promise<TestClient> {
  using lease = await pool.acquire(definition(store), referent, never);
  return lease.client as TestClient;
}

async function token({ objects: scoped }: ConnectContext): Promise<string> {
  return Buffer.from(await scoped.secretKey({ name: 'creds', key: 'token' })).toString();
}

beforeEach(() => {
  clock = new FakeClock();
  objects = new MemoryObjects();
  objects.putSecret('team-a/creds', { data: { token: 'token-a' } });
  objects.putSecret('team-b/creds', { data: { token: 'token-b' } });
  clients = [];
  onConnect = token;
});

describe('the client pool', () => {
  it('opens a store once, however many ask at the same time and after', async () => {
    const pool = poolWith();
    const used = await Promise.all(Array.from({ length: 30 }, () => use(pool, namespaced, 'team-a')));
    expect(new Set(used).size).toBe(1);
    expect(await use(pool, namespaced, 'team-a')).toBe(used[0]);
    expect(clients).toHaveLength(1);
    expect(objects.lookups).toEqual(['Secret team-a/creds']);
  });

  it('opens a changed store anew, and closes the old client when its last user has left', async () => {
    const pool = poolWith();
    const lease = await pool.acquire(definition(namespaced), 'team-a', never);
    const renewed = await use(pool, { ...namespaced, generation: 2 }, 'team-a');
    expect(renewed).not.toBe(lease.client);
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([false, false]);
    lease.release();
    lease.release();
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it('serves a caller that is behind with what the newest generation says', async () => {
    const pool = poolWith();
    const newest = await use(pool, { ...namespaced, generation: 2 }, 'team-a');
    expect(await use(pool, namespaced, 'team-a')).toBe(newest);
  });

  it('opens a store anew that was deleted and made again', async () => {
    const pool = poolWith();
    await use(pool, { ...namespaced, generation: 5 }, 'team-a');
    await use(pool, { ...namespaced, uid: 'u9', generation: 1 }, 'team-a');
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it('keeps stores of the same name in different namespaces apart', async () => {
    const pool = poolWith();
    expect((await use(pool, namespaced, 'team-a')).madeFrom).toBe('token-a');
    expect((await use(pool, { ...namespaced, namespace: 'team-b', uid: 'u3' }, 'team-b')).madeFrom).toBe('token-b');
  });

  it('does not keep a failed connect', async () => {
    const pool = poolWith();
    onConnect = () => Promise.reject(new ProviderError('denied', 'refused'));
    await expect(use(pool, namespaced, 'team-a')).rejects.toMatchObject({ kind: 'denied' });
    onConnect = token;
    expect((await use(pool, namespaced, 'team-a')).madeFrom).toBe('token-a');
  });

  it('ends a connect that takes too long, and closes the client if it still comes', async () => {
    const pool = poolWith({ connectTimeoutMs: 5_000 });
    const { promise, resolve } = Promise.withResolvers<string>();
    onConnect = () => promise;
    const refused = expect(use(pool, namespaced, 'team-a')).rejects.toMatchObject({ kind: 'timeout' });
    await clock.advanceAsync(5_000);
    await refused;
    resolve('late');
    await expect.poll(() => clients[0]?.isClosed).toBe(true);
  });

  it('lets one caller give up without harming the others', async () => {
    const pool = poolWith();
    const { promise, resolve } = Promise.withResolvers<string>();
    onConnect = () => promise;
    const impatient = new AbortController();
    const left = pool.acquire(definition(namespaced), 'team-a', impatient.signal);
    const stays = use(pool, namespaced, 'team-a');
    const reason = new Error('given up');
    impatient.abort(reason);
    await expect(left).rejects.toBe(reason);
    resolve('made');
    expect((await stays).madeFrom).toBe('made');
  });

  it('tells the provider to stop when nobody waits any more', async () => {
    const pool = poolWith();
    let seen: AbortSignal | undefined;
    onConnect = (context) => {
      seen = context.signal;
      return new Promise(() => undefined);
    };
    const impatient = new AbortController();
    const left = pool.acquire(definition(namespaced), 'team-a', impatient.signal);
    await clock.advanceAsync(0);
    impatient.abort(new Error('given up'));
    await expect(left).rejects.toThrow('given up');
    await clock.advanceAsync(0);
    expect(seen?.aborted).toBe(true);
  });
});

describe('a change of what a client was made from', () => {
  it('replaces the client, and names the store', async () => {
    const pool = poolWith();
    await use(pool, namespaced, 'team-a');
    const version = objects.putSecret('team-a/creds', { data: { token: 'rotated' } });
    expect(pool.dependencyChanged(secret('team-a'), version)).toEqual([namespaced]);
    expect((await use(pool, namespaced, 'team-a')).madeFrom).toBe('rotated');
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it('does nothing when the version is the one that was read, or the object another one', async () => {
    const pool = poolWith();
    await use(pool, namespaced, 'team-a');
    expect(pool.dependencyChanged(secret('team-a'), '1')).toEqual([]);
    expect(pool.dependencyChanged(secret('team-b'), '99')).toEqual([]);
    await use(pool, namespaced, 'team-a');
    expect(clients).toHaveLength(1);
  });

  it('maps a Secret that was missing to the store that wanted it', async () => {
    const pool = poolWith();
    objects.deleteSecret('team-a/creds');
    await expect(use(pool, namespaced, 'team-a')).rejects.toThrow('does not exist');
    const version = objects.putSecret('team-a/creds', { data: { token: 'here now' } });
    expect(pool.dependencyChanged(secret('team-a'), version)).toEqual([namespaced]);
    expect(pool.dependencyChanged(secret('team-a'), version)).toEqual([]);
    expect((await use(pool, namespaced, 'team-a')).madeFrom).toBe('here now');
  });

  it('maps a deleted Secret to the store that used it', async () => {
    const pool = poolWith();
    await use(pool, namespaced, 'team-a');
    expect(pool.dependencyChanged(secret('team-a'), undefined)).toEqual([namespaced]);
  });

  it('is not missed when it comes while the client is being made', async () => {
    const pool = poolWith();
    const { promise, resolve } = Promise.withResolvers<void>();
    let connects = 0;
    onConnect = async (context) => {
      const made = await token(context);
      connects += 1;
      if (connects === 1) await promise;
      return made;
    };
    const used = use(pool, namespaced, 'team-a');
    await clock.advanceAsync(0);
    const version = objects.putSecret('team-a/creds', { data: { token: 'rotated' } });
    expect(pool.dependencyChanged(secret('team-a'), version)).toEqual([namespaced]);
    resolve();
    expect((await used).madeFrom).toBe('rotated');
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  it('matters only as long as something depends on it', async () => {
    const pool = poolWith();
    await use(pool, namespaced, 'team-a');
    expect(pool.dependencies()).toMatchObject([secret('team-a')]);
    pool.remove(namespaced);
    expect(pool.dependencies()).toEqual([]);
    expect(pool.dependencyChanged(secret('team-a'), '99')).toEqual([]);
  });
});

describe('a cluster-wide store', () => {
  it('has one client for all namespaces when it names the namespaces of its credentials', async () => {
    const pool = poolWith();
    onConnect = async ({ objects: scoped }) =>
      Buffer.from(await scoped.secretKey({ name: 'creds', namespace: 'team-a', key: 'token' })).toString();
    const used = await Promise.all(
      ['team-a', 'team-b', 'team-c', undefined].map((referent) => use(pool, clusterWide, referent)),
    );
    expect(new Set(used).size).toBe(1);
    expect(clients).toHaveLength(1);
  });

  it('has one client for each namespace when its credentials are those of the namespace', async () => {
    const pool = poolWith();
    const used = await Promise.all(
      ['team-a', 'team-b', 'team-a', 'team-b'].map((referent) => use(pool, clusterWide, referent)),
    );
    expect(used.map(({ madeFrom }) => madeFrom)).toEqual(['token-a', 'token-b', 'token-a', 'token-b']);
    expect(clients).toHaveLength(2);
  });

  it('is validated with a client of its own that belongs to no namespace', async () => {
    const pool = poolWith();
    onConnect = async (context) => (context.objects.canResolve({ name: 'creds' }) ? token(context) : 'nobody');
    expect((await use(pool, clusterWide)).madeFrom).toBe('nobody');
    expect((await use(pool, clusterWide, 'team-a')).madeFrom).toBe('token-a');
    expect((await use(pool, clusterWide)).madeFrom).toBe('nobody');
    expect(clients).toHaveLength(2);
  });

  it('does not make one namespace fail for another’s missing Secret', async () => {
    const pool = poolWith();
    const [missing, present] = await Promise.allSettled([
      use(pool, clusterWide, 'team-x'),
      use(pool, clusterWide, 'team-b'),
    ]);
    expect(missing).toMatchObject({ status: 'rejected', reason: { kind: 'invalid' } });
    expect(present).toMatchObject({ status: 'fulfilled', value: { madeFrom: 'token-b' } });
  });

  it('fails for all at once when the failure has nothing to do with a namespace', async () => {
    const pool = poolWith();
    let connects = 0;
    onConnect = async () => {
      connects += 1;
      throw new ProviderError('unavailable', 'down');
    };
    const outcomes = await Promise.allSettled(
      ['team-a', 'team-b', 'team-c'].map((referent) => use(pool, clusterWide, referent)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(connects).toBe(1);
  });

  it('never lets a shared client look into the namespace it was first opened for', async () => {
    const pool = poolWith();
    const contexts: ConnectContext[] = [];
    onConnect = async (context) => {
      contexts.push(context);
      return contexts.length === 1 ? 'looks later' : token(context);
    };
    await use(pool, clusterWide, 'team-a');
    await expect(contexts[0]?.objects.secret({ name: 'creds' })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(objects.lookups).toEqual([]);
    expect(clients[0]?.isClosed).toBe(true);
    const used = await Promise.all(['team-a', 'team-b'].map((referent) => use(pool, clusterWide, referent)));
    expect(used.map(({ madeFrom }) => madeFrom)).toEqual(['token-a', 'token-b']);
  });

  it('replaces the client of one namespace when its Secret changes, and no other', async () => {
    const pool = poolWith();
    await Promise.all(['team-a', 'team-b'].map((referent) => use(pool, clusterWide, referent)));
    const version = objects.putSecret('team-b/creds', { data: { token: 'rotated' } });
    expect(pool.dependencyChanged(secret('team-b'), version)).toEqual([clusterWide]);
    expect(clients.map(({ madeFrom, isClosed }) => [madeFrom, isClosed])).toEqual([
      ['token-a', false],
      ['token-b', true],
    ]);
  });
});

describe('the size of the pool', () => {
  const storeNumber = (index: number): StoreIdentity => ({
    ...namespaced,
    name: `store-${index}`,
    uid: `uid-${index}`,
  });

  it('shrinks when clients are not used for a while', async () => {
    const pool = poolWith({ idleMs: 60_000 });
    await use(pool, storeNumber(1), 'team-a');
    const lease = await pool.acquire(definition(storeNumber(2)), 'team-a', never);
    await clock.advanceAsync(120_000);
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    lease.release();
    await clock.advanceAsync(120_000);
    expect(pool.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is bounded: the client that nobody used for longest goes first', async () => {
    const pool = poolWith({ maxClients: 2 });
    for (const index of [1, 2]) {
      await use(pool, storeNumber(index), 'team-a');
      clock.advance(1_000);
    }
    await use(pool, storeNumber(1), 'team-a');
    clock.advance(1_000);
    await use(pool, storeNumber(3), 'team-a');
    expect(pool.size).toBe(2);
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([false, true, false]);
  });

  it('grows over its bound rather than closing what is in use', async () => {
    const pool = poolWith({ maxClients: 1 });
    const leases = await Promise.all(
      [1, 2, 3].map((index) => pool.acquire(definition(storeNumber(index)), 'team-a', never)),
    );
    expect(pool.size).toBe(3);
    expect(clients.some(({ isClosed }) => isClosed)).toBe(false);
    for (const lease of leases) lease.release();
  });
});

describe('closing the pool', () => {
  it('closes all clients, those in use when they are released', async () => {
    const pool = poolWith();
    await use(pool, { ...namespaced, name: 'idle' }, 'team-a');
    const lease = await pool.acquire(definition(namespaced), 'team-a', never);
    await pool.close();
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    lease.release();
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([true, true]);
    await expect(use(pool, namespaced, 'team-a')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends connects that are under way', async () => {
    const pool = poolWith();
    onConnect = () => new Promise(() => undefined);
    const refused = expect(use(pool, namespaced, 'team-a')).rejects.toMatchObject({ kind: 'unavailable' });
    await clock.advanceAsync(0);
    await pool.close();
    await refused;
  });
});
