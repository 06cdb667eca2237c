/** All that the pool knows of one store: its clients, connects under way, failed connects, and its rate budget. */
import type { Flight } from '../lib/flight.ts';
import type { RateBudget } from './budget.ts';
import type { StoreIdentity } from './context.ts';
import type { Dependencies, ObjectIdentity } from './dependencies.ts';
import type { PooledClient } from './pooledclient.ts';
import type { Provider } from './provider.ts';
import type { RetrySettings } from './retrysettings.ts';
import type { ScopedLookups } from './scopedobjects.ts';

/** A store as it is written. */
export interface StoreDefinition {
  readonly store: StoreIdentity;
  readonly provider: Provider;
  /** The value under `spec.provider.<name>`, as it stands in the store. */
  readonly spec: unknown;
  /** The store's `retrySettings`; absent: the defaults. */
  readonly retry?: RetrySettings | undefined;
}

/** A connect under way, on behalf of an object in the namespace `referent`. */
export interface Connecting {
  readonly flight: Flight<void>;
  readonly referent: string | undefined;
  readonly lookups: ScopedLookups;
  /** Something that was read for it has changed since: its client would be old before it is used. */
  isOutdated: boolean;
}

export class StoreClients {
  readonly budget: RateBudget;
  #definition: StoreDefinition;
  readonly #clients = new Map<string, PooledClient>();
  readonly #connecting = new Map<string, Connecting>();
  readonly #failed = new Map<string, Dependencies>();
  /** Whether clients depend on the namespace they are used for; undefined until the first connect has shown it. */
  #isReferent: boolean | undefined;

  constructor(definition: StoreDefinition, budget: RateBudget) {
    this.#definition = definition;
    this.budget = budget;
    this.#isReferent = atFirst(definition);
  }

  get definition(): StoreDefinition {
    return this.#definition;
  }

  get size(): number {
    return this.#clients.size;
  }

  get isEmpty(): boolean {
    return this.#clients.size + this.#connecting.size + this.#failed.size === 0;
  }

  /**
   * The store as the caller sees it: what was made for another store of its name or for an older generation goes. A
   * caller that is behind is served with what the newest generation says.
   */
  update(definition: StoreDefinition): void {
    const { uid, generation } = this.#definition.store;
    const { store } = definition;
    if (store.uid === uid && store.generation <= generation) return;
    this.retireAll();
    this.#definition = definition;
  }

  client(referent: string | undefined): PooledClient | undefined {
    return this.#clients.get(this.#key(referent));
  }

  /** The connect to wait for; while nobody knows whether the namespace matters, there is one for all. */
  connecting(referent: string | undefined): Connecting | undefined {
    const connecting = this.#connecting.get(this.#key(referent));
    return connecting?.flight.isAbandoned === true ? undefined : connecting;
  }

  began(connecting: Connecting): void {
    this.#connecting.set(this.#key(connecting.referent), connecting);
  }

  /** Takes the client up, unless it is outdated already; then it is retired at once, and whoever wants one connects anew. */
  succeeded(connecting: Connecting, client: PooledClient): void {
    if (!this.#forget(connecting) || connecting.isOutdated) {
      client.retire();
      return;
    }
    this.#learn(connecting.lookups.usedReferent);
    if (this.#isReferent !== true) connecting.lookups.shareAcrossNamespaces();
    const key = this.#key(connecting.referent);
    this.#failed.delete(key);
    this.#clients.set(key, client);
  }

  /** Remembers what a failed connect looked at: a change of it may mend the store. */
  failed(connecting: Connecting): void {
    if (!this.#forget(connecting)) return;
    const { usedReferent, dependencies } = connecting.lookups;
    if (usedReferent) this.#learn(true);
    this.#failed.set(this.#key(connecting.referent), dependencies);
  }

  /** A client that was shared turned out to need the namespace it is used for. */
  becameReferent(): void {
    this.retireAll();
    this.#isReferent = true;
  }

  /** @returns whether anything was made from, or failed for, another version of the object */
  dependencyChanged(object: ObjectIdentity, resourceVersion: string | undefined): boolean {
    const isOutdated = (dependencies: Dependencies): boolean => dependencies.isOutdatedBy(object, resourceVersion);
    let isAffected = false;
    for (const [key, client] of this.#clients) {
      if (!isOutdated(client.lookups.dependencies)) continue;
      this.#retire(key, client);
      isAffected = true;
    }
    for (const connecting of this.#connecting.values()) {
      if (!isOutdated(connecting.lookups.dependencies)) continue;
      connecting.isOutdated = true;
      isAffected = true;
    }
    for (const [key, dependencies] of this.#failed) {
      if (isOutdated(dependencies)) isAffected = this.#failed.delete(key);
    }
    return isAffected;
  }

  dependsOn(object: ObjectIdentity): boolean {
    const holders = [...this.#clients.values(), ...this.#connecting.values()].map(
      ({ lookups }) => lookups.dependencies,
    );
    return [...holders, ...this.#failed.values()].some((dependencies) => dependencies.has(object));
  }

  /** The clients that nobody uses, each with the monotonic time since when. */
  *idle(): Generator<{ readonly since: number; readonly retire: () => void }, void, void> {
    for (const [key, client] of this.#clients) {
      const since = client.idleSince;
      if (since !== undefined) yield { since, retire: () => this.#retire(key, client) };
    }
  }

  /** Forgets everything but the budget; connects under way go on for those who wait, and are not taken up. */
  retireAll(): void {
    for (const [key, client] of this.#clients) this.#retire(key, client);
    this.#connecting.clear();
    this.#failed.clear();
    this.#isReferent = atFirst(this.#definition);
  }

  abortConnects(reason: unknown): void {
    for (const { flight } of this.#connecting.values()) flight.abort(reason);
  }

  #retire(key: string, client: PooledClient): void {
    this.#clients.delete(key);
    client.retire();
  }

  #learn(usedReferent: boolean): void {
    if (this.#definition.store.kind === 'ClusterSecretStore')
      this.#isReferent = this.#isReferent === true || usedReferent;
  }

  /** @returns false when the connect belongs to a past of the store */
  #forget(connecting: Connecting): boolean {
    for (const [key, other] of this.#connecting) {
      if (other === connecting) return this.#connecting.delete(key);
    }
    return false;
  }

  #key(referent: string | undefined): string {
    return this.#isReferent === true ? `referent ${referent ?? ''}` : 'shared';
  }
}

function atFirst({ store }: StoreDefinition): boolean | undefined {
  return store.kind === 'SecretStore' ? false : undefined;
}
