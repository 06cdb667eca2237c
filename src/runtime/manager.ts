/** The life of the process: caches, then leadership, then controllers; and the same way back when it ends. */

import type { KubeObject } from '../api/object.ts';
import { whenAborted } from '../lib/abort.ts';
import type { Clock } from './clock.ts';
import type { Controller } from './controller.ts';
import { ShutdownError } from './errors.ts';
import type { Informer } from './informer.ts';
import type { LeaderElector } from './leaderelection.ts';
import type { Logger } from './logger.ts';
import { withinMs } from './withinms.ts';

export type ManagedInformer = Pick<Informer<KubeObject>, 'resource' | 'run' | 'whenSynced' | 'health'>;
export type ManagedController = Pick<Controller, 'name' | 'run' | 'abortInFlight' | 'queue' | 'progress'>;

export interface ManagerOptions {
  readonly informers: readonly ManagedInformer[];
  readonly controllers: readonly ManagedController[];
  /** Absent: this process always leads. */
  readonly elector?: Pick<LeaderElector, 'run'> | undefined;
  /** Run in this order when everything has stopped: flush, close. One that fails does not keep the next from running. */
  readonly closers?: readonly (() => Promise<void>)[];
  /** For reconciles that are running when the shutdown begins; default 20 s, of the 30 that a pod usually has. */
  readonly drainTimeoutMs?: number;
  readonly clock: Clock;
  readonly log: Logger;
}

const defaultDrainTimeoutMs = 20_000;
/** For aborted reconciles to notice, and for each closer. */
const patienceMs = 3_000;

export class Manager {
  readonly #options: ManagerOptions;

  constructor(options: ManagerOptions) {
    this.#options = options;
  }

  /**
   * Runs until `signal` aborts and everything has stopped in order.
   * @throws LeadershipLostError: the process must exit non-zero; or what a controller threw, which is a bug
   */
  async run(signal: AbortSignal): Promise<void> {
    const stopInformers = new AbortController();
    const informers = this.#options.informers.map((informer) => informer.run(stopInformers.signal));
    try {
      await this.#workOnceSynced(signal);
    } catch (error) {
      if (!signal.aborted || error !== signal.reason) throw error;
    } finally {
      stopInformers.abort(new ShutdownError());
      await Promise.all(informers);
      await this.#close();
    }
  }

  async #workOnceSynced(signal: AbortSignal): Promise<void> {
    const { informers, elector, log } = this.#options;
    await Promise.all(informers.map((informer) => informer.whenSynced(signal)));
    log.info({ informers: informers.length }, 'caches synced');
    if (elector === undefined) await this.#work(signal, undefined);
    else await elector.run(signal, (lost) => this.#work(signal, lost));
  }

  /** Runs the controllers until `signal` aborts and what they began is done, or the lease is lost. */
  async #work(signal: AbortSignal, lost: AbortSignal | undefined): Promise<void> {
    const { controllers, drainTimeoutMs = defaultDrainTimeoutMs, clock, log } = this.#options;
    const stop = lost === undefined ? signal : AbortSignal.any([signal, lost]);
    const running = Promise.all(controllers.map((controller) => controller.run(stop)));
    log.info({ controllers: controllers.map(({ name }) => name) }, 'controllers started');
    await Promise.race([whenAborted(stop), running]);
    // Without the lease another process may be at the same objects: what runs here must not write any more.
    if (lost?.aborted !== true && (await withinMs(clock, drainTimeoutMs, running))) return;
    for (const controller of controllers) controller.abortInFlight(new ShutdownError());
    const hasStopped = await withinMs(clock, patienceMs, running);
    if (!hasStopped) log.warn({}, 'some reconciles did not stop in time');
  }

  async #close(): Promise<void> {
    const { closers = [], clock, log } = this.#options;
    for (const close of closers) {
      try {
        if (!(await withinMs(clock, patienceMs, close()))) log.warn({}, 'closing took too long');
      } catch (error) {
        log.warn({ error }, 'could not close in order');
      }
    }
  }
}
