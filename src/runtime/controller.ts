/** A controller: workers take keys from a queue, reconcile them, and turn what comes of it into the next queue call. */
import type { BackoffOptions } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { itemRateLimiter, type RateLimiter } from './ratelimiter.ts';
import type { Result } from './result.ts';
import type { WorkQueue } from './workqueue.ts';

/**
 * Brings one object nearer to what its user wants. Level-based: it is given a key, not an event, and decides by what is
 * there now. It must end soon after its signal aborts.
 */
export type Reconcile = (key: string, context: ReconcileContext) => Promise<Result>;

export interface ReconcileContext {
  /** Aborts when the reconcile takes too long, or the process cannot wait for it any more. */
  readonly signal: AbortSignal;
  /** Carries controller and key. */
  readonly log: Logger;
}

export interface ControllerOptions {
  /** The lower-case kind: the `controller` label of metrics and logs, as ESO's. */
  readonly name: string;
  readonly reconcile: Reconcile;
  readonly clock: Clock;
  readonly log: Logger;
  readonly queue: WorkQueue;
  /** Keys that are reconciled at the same time. */
  readonly concurrency: number;
  /** Default 2 minutes. */
  readonly timeoutMs?: number;
  readonly metrics?: ControllerMetrics;
}

/** The labels of controller-runtime. */
export type ReconcileResult = 'success' | 'requeue_after' | 'requeue' | 'error';

const resultLabels: Readonly<Record<Outcome['kind'], ReconcileResult>> = {
  awaitChange: 'success',
  requeueAfter: 'requeue_after',
  wait: 'requeue_after',
  conflict: 'requeue',
  shutdown: 'requeue',
  terminal: 'error',
  failed: 'error',
};

/** `controller_runtime_*`. */
export interface ControllerMetrics {
  reconciled(result: ReconcileResult, durationMs: number): void;
  /** An error after which nothing is tried until something changes. */
  failedTerminally(): void;
  /** Something that is not an error was thrown, or an error of the language: a bug. */
  panicked(): void;
  timedOut(): void;
}

export interface ControllerProgress {
  /** False until the process leads: keys wait in its queue, and rightly so. */
  readonly isRunning: boolean;
  readonly activeWorkers: number;
  /** Monotonic milliseconds at which a worker last finished (or, before that, the controller started). */
  readonly lastProgressAt: number;
}

const defaultTimeoutMs = 120_000;
/** Whoever wrote first is done by then, and its watch event is here. */
const conflictBackoff: BackoffOptions = { baseMs: 20, maxMs: 5_000, jitter: 1 };

export class Controller {
  readonly name: string;
  readonly concurrency: number;
  readonly queue: WorkQueue;
  readonly #options: ControllerOptions;
  readonly #log: Logger;
  readonly #conflicts: RateLimiter = itemRateLimiter(conflictBackoff);
  readonly #inFlight = new Set<AbortController>();
  #lastProgressAt: number;
  #isRunning = false;

  constructor(options: ControllerOptions) {
    this.name = options.name;
    this.concurrency = options.concurrency;
    this.queue = options.queue;
    this.#options = options;
    this.#log = options.log.child({ controller: options.name });
    this.#lastProgressAt = options.clock.monotonic();
  }

  get progress(): ControllerProgress {
    return {
      isRunning: this.#isRunning,
      activeWorkers: this.#inFlight.size,
      lastProgressAt: this.#lastProgressAt,
    };
  }

  /** Works until `signal` aborts; then finishes what it has begun, and resolves when all of that is done. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.queue.shutDown();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    this.#lastProgressAt = this.#options.clock.monotonic();
    this.#isRunning = true;
    await Promise.all(Array.from({ length: this.concurrency }, () => this.#work()));
    this.#isRunning = false;
    signal.removeEventListener('abort', stop);
  }

  /** Aborts the reconciles that are still running: the end of patience at shutdown. */
  abortInFlight(reason: Error): void {
    for (const controller of this.#inFlight) controller.abort(reason);
  }

  async #work(): Promise<void> {
    for (let key = await this.queue.get(); key !== undefined; key = await this.queue.get()) {
      await this.#process(key).finally(() => this.queue.done(key));
      this.#lastProgressAt = this.#options.clock.monotonic();
    }
  }

  async #process(key: string): Promise<void> {
    const { clock, metrics } = this.#options;
    const startedAt = clock.monotonic();
    const log = this.#log.child({ key });
    const outcome = await this.#reconcile(key, log);
    this.#settle(key, outcome, log);
    metrics?.reconciled(resultLabels[outcome.kind], clock.monotonic() - startedAt);
  }

  async #reconcile(key: string, log: Logger): Promise<Outcome> {
    const { clock, metrics, reconcile, timeoutMs = defaultTimeoutMs } = this.#options;
    const abort = new AbortController();
    const { signal } = abort;
    const cancelTimeout = clock.setTimer(timeoutMs, () => {
      metrics?.timedOut();
      abort.abort(new ReconcileTimeoutError(timeoutMs));
    });
    this.#inFlight.add(abort);
    try {
      return await reconcile(key, { signal, log });
    } catch (thrown) {
      return outcomeOf(thrown, signal);
    } finally {
      this.#inFlight.delete(abort);
      cancelTimeout();
    }
  }

  /** The one place where outcomes become queue calls, and where errors are logged. */
  #settle(key: string, outcome: Outcome, log: Logger): void {
    if (outcome.kind !== 'failed' && outcome.kind !== 'conflict') this.#forget(key);
    switch (outcome.kind) {
      case 'awaitChange':
        break;
      case 'requeueAfter':
        this.queue.addAfter(key, outcome.delayMs);
        break;
      case 'wait': {
        const { reason, retryAfterMs } = outcome.error;
        this.queue.addAfter(key, retryAfterMs);
        log.debug({ reason, error: outcome.error, retryInMs: retryAfterMs }, 'reconcile waits');
        break;
      }
      case 'terminal':
        this.#options.metrics?.failedTerminally();
        log.warn({ reason: outcome.error.reason, error: outcome.error }, 'reconcile failed until something changes');
        break;
      case 'conflict':
        this.queue.addAfter(key, this.#conflicts.next(key), 'urgent');
        log.debug({ error: outcome.error }, 'reconcile met another writer');
        break;
      case 'shutdown':
        log.debug({}, 'reconcile stopped by the shutdown');
        break;
      case 'failed': {
        if (outcome.isPanic) this.#options.metrics?.panicked();
        const retryInMs = this.queue.addRateLimited(key);
        log.error({ error: outcome.error, retryInMs }, 'reconcile failed');
        break;
      }
    }
  }

  #forget(key: string): void {
    this.queue.forget(key);
    this.#conflicts.forget(key);
  }
}

export class ReconcileTimeoutError extends Error {
  override readonly name = 'ReconcileTimeoutError';

  constructor(timeoutMs: number) {
    super(`the reconcile took longer than ${timeoutMs} ms`);
  }
}
