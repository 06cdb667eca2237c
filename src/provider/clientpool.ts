/** Open clients, shared by all reconciles of a store and replaced when the store or anything it was made from changes. */
import { orAbort } from '../lib/abort.ts';
import type { CancelTimer } from '../lib/clock.ts';
import { deadline } from '../lib/deadline.ts';
import { Flight } from '../lib/flight.ts';
import { RateBudget } from './budget.ts';
import { type ConnectServices, connectContext } from './connectcontext.ts';
import type { ConnectContext, StoreIdentity } from './context.ts';
import type { ObjectIdentity } from './dependencies.ts';
import { DependencyIndex } from './dependencyindex.ts';
import { ProviderError } from './errors.ts';
import type { ObjectReader } from './objectreader.ts';
import { parseSpec } from './parsespec.ts';
import { type ClientLease, PooledClient } from './pooledclient.ts';
import type { SecretsClient } from './provider.ts';
import { defaultRetrySettings } from './retrysettings.ts';
import { scopeOf } from './scope.ts';
import { ScopedLookups } from './scopedobjects.ts';
import { type Connecting, StoreClients, type StoreDefinition } from './storeclients.ts';

export interface ClientPoolOptions {
  readonly services: ConnectServices;
  readonly reader: ObjectReader;
  /** Clients beyond this many that nobody uses are closed, the longest unused first. Default 500. */
  readonly maxClients?: number;
  /** A client that nobody used for so long is closed. Default 30 min. */
  readonly idleMs?: number;
  /** Default 60 s. */
  readonly connectTimeoutMs?: number;
}

/** A client this young may be on its way to who waits for it. */
const leastIdleMs = 1_000;

export class ClientPool {
  readonly #options: Required<ClientPoolOptions>;
  readonly #stores = new Map<string, StoreClients>();
  readonly #index = new DependencyIndex();
  /** Connects and closings under way. */
  readonly #working = new Set<Promise<void>>();
  #mayBeTooMany = false;
  #cancelSweep: CancelTimer | undefined;
  #isClosed = false;

  constructor(options: ClientPoolOptions) {
    this.#options = { maxClients: 500, idleMs: 30 * 60_000, connectTimeoutMs: 60_000, ...options };
  }

  /** Open clients. */
  get size(): number {
    return this.#clientCount();
  }

  /**
   * A client for the store, opened when there is none. The lease must be released, best by `using`.
   * @param referent the namespace of the object that is being synced; undefined while the store is only validated
   * @throws ProviderError when the store cannot be opened; failures are not kept. The signal's reason when aborted
   */
  async acquire(definition: StoreDefinition, referent: string | undefined, signal: AbortSignal): Promise<ClientLease> {
    const store = this.#storeOf(definition);
    for (;;) {
      signal.throwIfAborted();
      if (this.#isClosed) throw new ProviderError('unavailable', 'the operator is shutting down');
      const lease = store.client(referent)?.lease();
      if (lease !== undefined) {
        this.#evict();
        return lease;
      }
      await this.#waitForClient(store, referent, signal);
    }
  }

  /** Replaces the store's clients, at the next use. */
  invalidate(store: Pick<StoreIdentity, 'kind' | 'namespace' | 'name'>): void {
    this.#stores.get(storeKey(store))?.retireAll();
  }

  /** The store is gone: nothing of it is kept. */
  remove(store: Pick<StoreIdentity, 'kind' | 'namespace' | 'name'>): void {
    this.invalidate(store);
    this.#stores.delete(storeKey(store));
  }

  /**
   * An object of the cluster is now at this version; undefined: it is gone. Clients made from another version are
   * replaced at their next use.
   * @returns the stores that are worth another look, those included whose connect failed for want of the object
   */
  dependencyChanged(object: ObjectIdentity, resourceVersion: string | undefined): readonly StoreIdentity[] {
    const affected = this.#index.stores(object).filter((store) => store.dependencyChanged(object, resourceVersion));
    return affected.map(({ definition }) => definition.store);
  }

  /** The objects whose changes matter. */
  dependencies(): readonly ObjectIdentity[] {
    this.#index.prune();
    return this.#index.objects();
  }

  /** Closes all clients as soon as their users have left, and waits for it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelSweep?.();
    for (const store of this.#stores.values()) {
      store.abortConnects(new ProviderError('unavailable', 'the operator is shutting down'));
      store.retireAll();
    }
    while (this.#working.size > 0) await Promise.allSettled(this.#working);
  }

  #storeOf(definition: StoreDefinition): StoreClients {
    const key = storeKey(definition.store);
    const known = this.#stores.get(key);
    known?.update(definition);
    if (known !== undefined) return known;
    const store = new StoreClients(definition, new RateBudget({ clock: this.#options.services.clock }));
    this.#stores.set(key, store);
    return store;
  }

  async #waitForClient(store: StoreClients, referent: string | undefined, signal: AbortSignal): Promise<void> {
    const connecting = store.connecting(referent) ?? this.#connect(store, referent);
    try {
      await connecting.flight.wait(signal);
    } catch (error) {
      // Another namespace's connect failed for a reason of its own: this one tries for itself.
      const isOurs = connecting.referent === referent || !connecting.lookups.usedReferent;
      if (signal.aborted || this.#isClosed || isOurs) throw error;
    }
  }

  #connect(store: StoreClients, referent: string | undefined): Connecting {
    const lifetime = new AbortController();
    const lookups = new ScopedLookups({
      scope: scopeOf(store.definition.store, referent),
      reader: this.#options.reader,
      signal: lifetime.signal,
      onLateReferentUse: () => store.becameReferent(),
      onDependency: (dependency) => this.#index.add(dependency, store),
    });
    const open = async (signal: AbortSignal): Promise<void> => {
      try {
        const client = await this.#open(store, lookups, lifetime, signal);
        lookups.connected();
        store.succeeded(connecting, this.#pooled(client, lookups, lifetime));
        this.#mayBeTooMany = true;
        this.#scheduleSweep();
      } catch (error) {
        store.failed(connecting);
        lifetime.abort(error);
        throw error;
      }
    };
    const flight = new Flight<void>((signal) => this.#track(open(signal)));
    const connecting: Connecting = { flight, referent, lookups, isOutdated: false };
    store.began(connecting);
    return connecting;
  }

  async #open(
    store: StoreClients,
    lookups: ScopedLookups,
    lifetime: AbortController,
    signal: AbortSignal,
  ): Promise<SecretsClient> {
    const { services, connectTimeoutMs } = this.#options;
    const { provider, spec } = store.definition;
    const limit = deadline(services.clock, connectTimeoutMs, signal);
    limit.signal.addEventListener('abort', () => lifetime.abort(limit.signal.reason), { once: true });
    const opening = provider.connect(parseSpec(provider, spec), this.#context(store, lookups, lifetime.signal));
    try {
      return await orAbort(opening, limit.signal);
    } catch (error) {
      if (limit.signal.aborted) this.#closeLate(opening);
      if (!limit.isOver) throw error;
      throw new ProviderError('timeout', `the store could not be opened within ${connectTimeoutMs / 1_000} s`, {
        cause: error,
      });
    } finally {
      limit.end();
    }
  }

  #context(store: StoreClients, objects: ScopedLookups, signal: AbortSignal): ConnectContext {
    const { definition, budget } = store;
    const retry = definition.retry ?? defaultRetrySettings;
    return connectContext({
      services: this.#options.services,
      store: definition.store,
      objects,
      budget,
      retry,
      signal,
    });
  }

  #pooled(client: SecretsClient, lookups: ScopedLookups, lifetime: AbortController): PooledClient {
    const close = async (): Promise<void> => {
      await this.#close(client);
      lifetime.abort(new ProviderError('unavailable', 'the client is closed'));
    };
    return new PooledClient({
      client,
      lookups,
      clock: this.#options.services.clock,
      close: () => void this.#track(close()),
    });
  }

  async #close(client: SecretsClient): Promise<void> {
    try {
      await client.close();
    } catch (error) {
      // What it held ends by itself in time; whoever used it is done.
      this.#options.services.log.debug({ error }, 'client not closed cleanly');
    }
  }

  /** A client that may come when nobody wants it any more, or never. */
  #closeLate(opening: Promise<SecretsClient>): void {
    opening.then(
      (client) => this.#close(client),
      () => undefined,
    );
  }

  #track(work: Promise<void>): Promise<void> {
    this.#working.add(work);
    work.catch(() => undefined).finally(() => this.#working.delete(work));
    return work;
  }

  #clientCount(): number {
    let count = 0;
    for (const { size } of this.#stores.values()) count += size;
    return count;
  }

  #scheduleSweep(): void {
    if (this.#isClosed) return;
    this.#cancelSweep ??= this.#options.services.clock.setTimer(this.#options.idleMs / 2, () => this.#sweep());
  }

  #sweep(): void {
    this.#cancelSweep = undefined;
    const limit = this.#options.services.clock.monotonic() - this.#options.idleMs;
    for (const store of this.#stores.values()) {
      for (const { since, retire } of store.idle()) if (since <= limit) retire();
    }
    this.#index.prune();
    if (this.#clientCount() > 0) this.#scheduleSweep();
  }

  #evict(): void {
    if (!this.#mayBeTooMany) return;
    this.#mayBeTooMany = false;
    const excess = this.#clientCount() - this.#options.maxClients;
    if (excess <= 0) return;
    const limit = this.#options.services.clock.monotonic() - leastIdleMs;
    const idle = [...this.#stores.values()].flatMap((store) => [...store.idle()]).filter(({ since }) => since <= limit);
    for (const { retire } of idle.sort((left, right) => left.since - right.since).slice(0, excess)) retire();
  }
}

function storeKey({ kind, namespace = '', name }: Pick<StoreIdentity, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}
