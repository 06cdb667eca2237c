/** Which replicas are alive: each renews a Lease of its own and looks at those of the others. */
import { hash } from 'node:crypto';
import type { KubeClient, RequestOptions } from '../kube/client.ts';
import { microTime } from '../kube/lease.ts';
import { orMissing } from '../kube/ormissing.ts';
import { type Lease, leases } from '../kube/resources.ts';
import { type Clock, sleep } from './clock.ts';
import { toError } from './errors.ts';
import type { Logger } from './logger.ts';

export interface MembershipOptions {
  readonly kube: Pick<KubeClient, 'applyPatch' | 'list' | 'delete'>;
  /** Of the leases. */
  readonly namespace: string;
  /** Replicas of one group share their work; fit for a label's value. */
  readonly group: string;
  /** Unique to this process. */
  readonly identity: string;
  /** A replica that has not renewed for so long is gone. Default 15 s. */
  readonly leaseDurationMs?: number;
  /** Between two renewals, and two looks at the others. Default 5 s. */
  readonly renewPeriodMs?: number;
  /** Told of everybody who is alive, this process included, in a fixed order: at first and whenever that changes. */
  readonly onChange: (members: readonly string[]) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** By which a lease says which group its holder belongs to. */
export const groupLabel = 'external-secrets.io/replicas-of';

/** After so many lease durations without renewal a lease is swept; by then no clock can be wrong about it. */
const sweepAfterDurations = 10;

export class Membership {
  readonly #options: Required<MembershipOptions>;
  readonly #leaseName: string;
  /** When this process saw a holder renew, by its own clock: clocks of others are not trusted. */
  readonly #seen = new Map<string, { readonly renewTime: string; readonly at: number }>();
  #members: readonly string[] = [];
  /** Why the last look failed: said once, not every five seconds. */
  #problem: string | undefined;
  /** When it last looked with success, by the monotonic clock. */
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(options: MembershipOptions) {
    this.#options = { leaseDurationMs: 15_000, renewPeriodMs: 5_000, ...options };
    this.#leaseName = `external-secrets-replica-${hash('sha1', options.identity, 'hex').slice(0, 16)}`;
  }

  /**
   * Joins, runs `lead`, stays a member while that runs, and leaves when it is done. A process that cannot write or see
   * leases works as though it were alone: work is done twice then, but never by nobody.
   * @param lead its signal never aborts: who is cut off goes on
   * @throws what `lead` throws, or the signal's reason when it aborts before this process has joined
   */
  async run(signal: AbortSignal, lead: (lost: AbortSignal) => Promise<void>): Promise<void> {
    await this.#look(signal);
    const finished = new AbortController();
    const renewal = this.#stay(finished.signal);
    try {
      await lead(new AbortController().signal);
    } finally {
      finished.abort();
      await renewal;
      await this.#leave();
    }
  }

  /** Never rejects. */
  async #stay(finished: AbortSignal): Promise<void> {
    const { clock, renewPeriodMs } = this.#options;
    while (!finished.aborted) {
      await sleep(clock, renewPeriodMs, finished).catch(() => undefined);
      if (!finished.aborted) await this.#look(finished).catch(() => undefined);
    }
  }

  /** Renews, and sees who else does. What fails is tried again at the next look. @throws only the signal's reason */
  async #look(signal: AbortSignal): Promise<void> {
    const { log, renewPeriodMs } = this.#options;
    const requestOptions = { signal, timeoutMs: renewPeriodMs };
    try {
      await this.#renew(requestOptions);
      await this.#see(await this.#leases(requestOptions), requestOptions);
      this.#problem = undefined;
    } catch (error) {
      signal.throwIfAborted();
      const problem = toError(error).message;
      if (problem !== this.#problem) log.warn({ error: problem }, 'cannot renew or see the leases of replicas');
      this.#problem = problem;
    }
  }

  async #renew(options: RequestOptions): Promise<void> {
    const { kube, namespace, group, identity, leaseDurationMs, clock } = this.#options;
    const metadata = { namespace, name: this.#leaseName, labels: { [groupLabel]: group } };
    const spec = {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseDurationMs / 1_000),
      renewTime: microTime(clock.now()),
    };
    const lease: Lease = { metadata, spec };
    await kube.applyPatch(leases, lease, { ...options, fieldManager: 'external-secrets', force: true });
  }

  async #leases(options: RequestOptions): Promise<readonly Lease[]> {
    const { kube, namespace, group } = this.#options;
    const { items } = await kube.list(leases, { ...options, namespace, labelSelector: `${groupLabel}=${group}` });
    return items;
  }

  async #see(found: readonly Lease[], options: RequestOptions): Promise<void> {
    const { clock, identity, leaseDurationMs } = this.#options;
    // After a time without sight nobody is known to have been silent.
    if (clock.monotonic() - this.#lookedAt >= leaseDurationMs) this.#seen.clear();
    this.#lookedAt = clock.monotonic();
    const holders = new Set(found.map(({ spec }) => spec?.holderIdentity ?? ''));
    for (const holder of this.#seen.keys()) if (!holders.has(holder)) this.#seen.delete(holder);
    for (const { spec } of found) {
      const { holderIdentity = '', renewTime = '' } = spec ?? {};
      if (holderIdentity === '' || holderIdentity === identity || this.#isAncient(renewTime)) continue;
      if (this.#seen.get(holderIdentity)?.renewTime === renewTime) continue;
      this.#seen.set(holderIdentity, { renewTime, at: clock.monotonic() });
    }
    this.#tell();
    await this.#sweep(found, options);
  }

  #tell(): void {
    const { clock, identity, leaseDurationMs, log, onChange } = this.#options;
    const since = clock.monotonic() - leaseDurationMs;
    const alive = [...this.#seen].filter(([, { at }]) => at > since).map(([holder]) => holder);
    const members = [identity, ...alive].sort();
    if (members.join('\n') === this.#members.join('\n')) return;
    this.#members = members;
    log.info({ replicas: members.length }, 'replicas share the work');
    onChange(members);
  }

  #isAncient(renewTime: string): boolean {
    const { clock, leaseDurationMs } = this.#options;
    return Date.parse(renewTime) < clock.now() - sweepAfterDurations * leaseDurationMs;
  }

  /** Leases of processes that died without leaving. */
  async #sweep(found: readonly Lease[], options: RequestOptions): Promise<void> {
    const { kube, namespace } = this.#options;
    for (const { metadata, spec } of found) {
      if (!this.#isAncient(spec?.renewTime ?? '')) continue;
      await orMissing(kube.delete(leases, { namespace, name: metadata.name ?? '' }, options));
    }
  }

  /** So that the others need not wait for the lease to run out. A failure costs only that wait. */
  async #leave(): Promise<void> {
    const { kube, namespace, renewPeriodMs, log } = this.#options;
    try {
      await orMissing(kube.delete(leases, { namespace, name: this.#leaseName }, { timeoutMs: renewPeriodMs }));
    } catch (error) {
      log.warn({ error }, 'could not give up the lease of this replica');
    }
  }
}
