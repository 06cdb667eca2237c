/** Tokens and sessions of all clients: made once however many ask, renewed before they end, given back at last. */
import type { Clock } from '../lib/clock.ts';
import { Flight } from '../lib/flight.ts';
import type { Logger } from '../runtime/logger.ts';
import type { CreateSession, Session, SessionCache } from './context.ts';
import { ProviderError } from './errors.ts';

export interface SessionPoolOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Sessions beyond this many push out those that were not used for longest. Default 2,000. */
  readonly maxSessions?: number;
  /** In [0, 1); spreads renewals of sessions that were made together. */
  readonly random?: () => number;
}

/** A session whose type only its users know. */
interface AnySession {
  readonly value: unknown;
  readonly expiresAtMs: number | undefined;
  readonly release: (() => Promise<void>) | undefined;
}

interface HeldSession {
  readonly session: AnySession;
  /** From now on the next use renews it, while the old value still serves. */
  renewAtMs: number;
  /** From now on it is not handed out any more. */
  readonly endsAtMs: number;
}

/** The old value may still be on its way in other calls when a new one takes its place. */
const releaseGraceMs = 30_000;

const renewalMarginMs = 5 * 60_000;
const renewalJitterMs = 60_000;
const expiryMarginMs = 10_000;
const renewalRetryMs = 30_000;

/** Failures are never kept. Renewal happens on use: a session that nobody asks for any more just ends. */
export class SessionPool implements SessionCache {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #maxSessions: number;
  readonly #random: () => number;
  /** In order of last use. */
  readonly #held = new Map<string, HeldSession>();
  readonly #creating = new Map<string, Flight<unknown>>();
  /** Sessions that wait out their grace, with the way to end it early. */
  readonly #leaving = new Map<AnySession, () => void>();
  #isClosed = false;

  constructor(options: SessionPoolOptions) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#maxSessions = options.maxSessions ?? 2_000;
    this.#random = options.random ?? Math.random;
  }

  get size(): number {
    return this.#held.size;
  }

  async get<T>(key: string, create: CreateSession<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.#isClosed) throw new ProviderError('unavailable', 'the operator is shutting down');
    const held = this.#use(key);
    if (held === undefined) {
      // A key stands for one kind of value: what was made under it is a T.
      return (await this.#join(key, create).wait(signal)) as T;
    }
    if (this.#clock.now() >= held.renewAtMs) this.#renew(key, held, create);
    return held.session.value as T;
  }

  drop(key: string, value?: unknown): void {
    const held = this.#held.get(key);
    if (held === undefined || (value !== undefined && held.session.value !== value)) return;
    this.#held.delete(key);
    void this.#release(held.session);
  }

  /** Gives every session back; nothing is made or handed out from now on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const flight of this.#creating.values())
      flight.abort(new ProviderError('unavailable', 'the operator is shutting down'));
    for (const cancel of this.#leaving.values()) cancel();
    const sessions = [...this.#leaving.keys(), ...[...this.#held.values()].map((held) => held.session)];
    this.#leaving.clear();
    this.#held.clear();
    await Promise.all(sessions.map((session) => this.#release(session)));
  }

  #use(key: string): HeldSession | undefined {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    this.#held.delete(key);
    if (this.#clock.now() >= held.endsAtMs) return undefined;
    this.#held.set(key, held);
    return held;
  }

  #join<T>(key: string, create: CreateSession<T>, previous?: T): Flight<unknown> {
    const running = this.#creating.get(key);
    if (running !== undefined && !running.isAbandoned) return running;
    const flight: Flight<unknown> = new Flight(async (signal) => {
      try {
        const session = erase(await create(signal, previous));
        if (signal.aborted || this.#isClosed) {
          await this.#release(session);
          throw signal.reason;
        }
        this.#keep(key, session);
        return session.value;
      } finally {
        if (this.#creating.get(key) === flight) this.#creating.delete(key);
      }
    });
    this.#creating.set(key, flight);
    return flight;
  }

  #renew<T>(key: string, held: HeldSession, create: CreateSession<T>): void {
    // Until the renewal has an outcome, and for a while after a failed one, the old value serves without another try.
    held.renewAtMs = this.#clock.now() + Math.min(renewalRetryMs, (held.endsAtMs - this.#clock.now()) / 4);
    // A key stands for one kind of value.
    this.#join(key, create, held.session.value as T)
      .wait(new AbortController().signal)
      .catch((error: unknown) => this.#log.debug({ error }, 'session not renewed yet'));
  }

  #keep(key: string, session: AnySession): void {
    const replaced = this.#held.get(key);
    this.#held.delete(key);
    if (replaced !== undefined && replaced.session.value !== session.value) this.#releaseLater(replaced.session);
    const now = this.#clock.now();
    const lifetimeMs = (session.expiresAtMs ?? Number.POSITIVE_INFINITY) - now;
    this.#forgetEnded();
    if (lifetimeMs > 0) this.#held.set(key, { session, ...this.#schedule(now, lifetimeMs) });
    this.#evict();
  }

  #schedule(now: number, lifetimeMs: number): { renewAtMs: number; endsAtMs: number } {
    const marginMs = Math.min(renewalMarginMs, lifetimeMs / 5);
    const jitterMs = Math.min(renewalJitterMs, lifetimeMs / 10) * this.#random();
    return {
      renewAtMs: now + lifetimeMs - marginMs - jitterMs,
      endsAtMs: now + lifetimeMs - Math.min(expiryMarginMs, lifetimeMs / 20),
    };
  }

  #forgetEnded(): void {
    const now = this.#clock.now();
    for (const [key, held] of this.#held) if (now >= held.endsAtMs) this.#held.delete(key);
  }

  #evict(): void {
    for (const [key, held] of this.#held) {
      if (this.#held.size <= this.#maxSessions) return;
      this.#held.delete(key);
      this.#releaseLater(held.session);
    }
  }

  #releaseLater(session: AnySession): void {
    if (session.release === undefined) return;
    const cancel = this.#clock.setTimer(releaseGraceMs, () => {
      this.#leaving.delete(session);
      void this.#release(session);
    });
    this.#leaving.set(session, cancel);
  }

  async #release(session: AnySession): Promise<void> {
    try {
      await session.release?.();
    } catch (error) {
      // It ends by itself in time; the backend not taking it back hurts nobody.
      this.#log.debug({ error }, 'session not given back');
    }
  }
}

function erase<T>(session: Session<T>): AnySession {
  const { value, expiresAtMs, release } = session;
  return { value, expiresAtMs, release: release === undefined ? undefined : () => release(value) };
}
