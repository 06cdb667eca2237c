/** One open client with its users: closed when it is retired and the last of them has left. */
import type { Clock } from '../lib/clock.ts';
import type { SecretsClient } from './provider.ts';
import type { ScopedLookups } from './scopedobjects.ts';

/** The right to use a client until it is released. */
export interface ClientLease extends Disposable {
  readonly client: SecretsClient;
  /** Does nothing when called again. */
  release(): void;
}

export interface PooledClientOptions {
  readonly client: SecretsClient;
  readonly lookups: ScopedLookups;
  readonly clock: Clock;
  /** Called once: nothing uses the client any more. */
  readonly close: () => void;
}

export class PooledClient {
  readonly lookups: ScopedLookups;
  readonly #client: SecretsClient;
  readonly #clock: Clock;
  readonly #close: () => void;
  #users = 0;
  #idleSince: number;
  #isRetired = false;
  #isClosed = false;

  constructor(options: PooledClientOptions) {
    this.lookups = options.lookups;
    this.#client = options.client;
    this.#clock = options.clock;
    this.#close = options.close;
    this.#idleSince = options.clock.monotonic();
  }

  /** Monotonic time since which nobody uses it; undefined while somebody does. */
  get idleSince(): number | undefined {
    return this.#users === 0 ? this.#idleSince : undefined;
  }

  /** Undefined when it is closed already. A client that was retired meanwhile still serves who waited for it. */
  lease(): ClientLease | undefined {
    if (this.#isClosed) return undefined;
    this.#users += 1;
    let isHeld = true;
    const release = (): void => {
      if (isHeld) this.#leave();
      isHeld = false;
    };
    return { client: this.#client, release, [Symbol.dispose]: release };
  }

  /** No new users; closes now or with the last one. */
  retire(): void {
    this.#isRetired = true;
    this.#closeIfDone();
  }

  #leave(): void {
    this.#users -= 1;
    this.#idleSince = this.#clock.monotonic();
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    if (!this.#isRetired || this.#users > 0 || this.#isClosed) return;
    this.#isClosed = true;
    this.#close();
  }
}
