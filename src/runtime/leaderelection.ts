/** Leader election by a Lease: at most one process leads, another takes over when it dies or gives the lease back. */
import type { ObjectName } from '../api/object.ts';
import { type LeaseClient, microTime, readLease, writeLease } from '../kube/lease.ts';
import type { Lease, LeaseSpec } from '../kube/resources.ts';
import { type Clock, sleep } from './clock.ts';
import type { Logger } from './logger.ts';

export interface LeaderElectorOptions {
  readonly kube: LeaseClient;
  readonly lease: ObjectName;
  /** Unique to this process. */
  readonly identity: string;
  /** How long others wait after the last renewal that they saw. Default 15 s. */
  readonly leaseDurationMs?: number;
  /** How long the leader goes on when it cannot renew; less than the lease's duration. Default 10 s. */
  readonly renewDeadlineMs?: number;
  /** Between two attempts. Default 2 s. */
  readonly retryPeriodMs?: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** `leader_election_master_status`. */
  readonly onLeading?: (isLeading: boolean) => void;
  /** A number in [0, 1); default `Math.random`. */
  readonly random?: () => number;
}

/** As the reason of the lead's signal: stop at once, another process may be leading already. */
export class LeadershipLostError extends Error {
  override readonly name = 'LeadershipLostError';

  constructor() {
    super('the lease could not be renewed in time: another process may lead now');
  }
}

/** `taken`: somebody else holds it. `unknown`: the attempt failed. */
type Attempt = 'held' | 'taken' | 'unknown';

/** Waiting processes spread out: an attempt comes after one to this many retry periods more (as client-go's). */
const retryJitter = 1.2;

export class LeaderElector {
  readonly #options: Required<LeaderElectorOptions>;
  /** What the lease said when it last changed, and when this process saw that: clocks of others are not trusted. */
  #observed: { readonly spec: LeaseSpec; readonly at: number } | undefined;
  /** The lease as this process wrote it last. */
  #held: Lease | undefined;
  #isLeading = false;

  constructor(options: LeaderElectorOptions) {
    const defaults = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };
    this.#options = { ...defaults, onLeading: () => {}, random: Math.random, ...options };
    if (this.#options.renewDeadlineMs >= this.#options.leaseDurationMs) {
      throw new RangeError('the renew deadline must be shorter than the lease duration');
    }
  }

  get isLeading(): boolean {
    return this.#isLeading;
  }

  /**
   * Waits for leadership, runs `lead`, keeps the lease while that runs, and gives it back when it is done.
   * @param signal ends the waiting; a `lead` that runs is expected to watch the same signal, and to finish in order
   * @param lead is given a signal that aborts when the lease is lost
   * @throws LeadershipLostError, the signal's reason when it aborts before this process leads, or what `lead` throws
   */
  async run(signal: AbortSignal, lead: (lost: AbortSignal) => Promise<void>): Promise<void> {
    await this.#acquire(signal);
    const lost = new AbortController();
    const finished = new AbortController();
    const renewal = this.#keep(finished.signal, lost);
    this.#setLeading(true);
    try {
      await lead(lost.signal);
    } finally {
      this.#setLeading(false);
      finished.abort();
      await renewal;
      if (!lost.signal.aborted) await this.#release();
    }
    lost.signal.throwIfAborted();
  }

  async #acquire(signal: AbortSignal): Promise<void> {
    const { clock, log, lease, identity, retryPeriodMs, renewDeadlineMs, random } = this.#options;
    log.info({ lease: lease.name, identity }, 'waiting for leadership');
    while ((await this.#tryHold(signal, renewDeadlineMs)) !== 'held') {
      await sleep(clock, retryPeriodMs * (1 + retryJitter * random()), signal);
    }
    log.info({ lease: lease.name, identity }, 'leading');
  }

  /** Renews until finished, or until the lease is lost. Never rejects. */
  async #keep(finished: AbortSignal, lost: AbortController): Promise<void> {
    try {
      await this.#renewUntilLost(finished);
    } catch (error) {
      if (finished.aborted) return;
      this.#options.log.error({ lease: this.#options.lease.name, error }, 'leadership lost');
      lost.abort(new LeadershipLostError());
    }
  }

  /** @throws when the lease is lost or cannot be renewed in time, and the signal's reason */
  async #renewUntilLost(finished: AbortSignal): Promise<void> {
    const { clock, retryPeriodMs, renewDeadlineMs } = this.#options;
    for (let deadline = clock.monotonic() + renewDeadlineMs; ; ) {
      await sleep(clock, Math.min(retryPeriodMs, deadline - clock.monotonic()), finished);
      const startedAt = clock.monotonic();
      const remainingMs = deadline - startedAt;
      if (remainingMs <= 0) throw new Error('the renew deadline has passed');
      const attempt = await this.#tryHold(finished, remainingMs);
      if (attempt === 'taken') throw new Error('another process holds the lease');
      if (attempt === 'held') deadline = startedAt + renewDeadlineMs;
    }
  }

  /** @throws only the signal's reason */
  async #tryHold(signal: AbortSignal, timeoutMs: number): Promise<Attempt> {
    const { kube, lease, log, clock } = this.#options;
    const requestOptions = { signal, timeoutMs };
    try {
      const current = this.#held ?? (await readLease(kube, lease, requestOptions));
      this.#held = undefined;
      if (this.#isValidForAnother(current?.spec)) return 'taken';
      const spec = this.#nextSpec(current?.spec, clock.now());
      this.#held = await writeLease(kube, lease, current, spec, requestOptions);
      return this.#held === undefined ? 'unknown' : 'held';
    } catch (error) {
      signal.throwIfAborted();
      this.#held = undefined;
      log.warn({ lease: lease.name, error }, 'could not read or write the lease');
      return 'unknown';
    }
  }

  #isValidForAnother(spec: LeaseSpec | undefined): boolean {
    const { clock, identity, leaseDurationMs } = this.#options;
    const holder = spec?.holderIdentity ?? '';
    if (spec === undefined || holder === '' || holder === identity) return false;
    if (this.#observed === undefined || !isSameSpec(this.#observed.spec, spec)) {
      this.#observed = { spec, at: clock.monotonic() };
    }
    const durationMs = spec.leaseDurationSeconds === undefined ? leaseDurationMs : spec.leaseDurationSeconds * 1_000;
    return clock.monotonic() < this.#observed.at + durationMs;
  }

  #nextSpec(current: LeaseSpec | undefined, now: number): LeaseSpec {
    const { identity, leaseDurationMs } = this.#options;
    const isRenewal = current?.holderIdentity === identity;
    const transitions = current?.leaseTransitions ?? 0;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseDurationMs / 1_000),
      acquireTime: isRenewal && current.acquireTime !== undefined ? current.acquireTime : microTime(now),
      renewTime: microTime(now),
      leaseTransitions: isRenewal || current === undefined ? transitions : transitions + 1,
    };
  }

  /** So that the next leader need not wait for the lease to run out. A failure costs only that wait. */
  async #release(): Promise<void> {
    const { kube, lease, log, clock, renewDeadlineMs } = this.#options;
    if (this.#held === undefined) return;
    const now = microTime(clock.now());
    const spec = { ...this.#held.spec, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now };
    try {
      await writeLease(kube, lease, this.#held, spec, { timeoutMs: renewDeadlineMs });
      log.info({ lease: lease.name }, 'leadership given back');
    } catch (error) {
      log.warn({ lease: lease.name, error }, 'could not give leadership back');
    }
  }

  #setLeading(isLeading: boolean): void {
    this.#isLeading = isLeading;
    this.#options.onLeading(isLeading);
  }
}

function isSameSpec(a: LeaseSpec, b: LeaseSpec): boolean {
  return (
    a.holderIdentity === b.holderIdentity && a.renewTime === b.renewTime && a.leaseTransitions === b.leaseTransitions
  );
}
