/** A controller: workers take keys from a queue, reconcile them, and turn what comes of it into the next queue call. */
import { isConflict } from '../kube/errors.ts';
import type { BackoffOptions } from './backoff.ts';
import type { Clock } from './clock.ts';
import { TerminalError, toError, WaitError } from './errors.ts';
import type { Logger } from './logger.ts';
import { itemRateLimiter, type RateLimiter } from './ratelimiter.ts';
import type { Result } from './result.ts';
import { WorkQueue } from './workqueue.ts';

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

/** `success` awaits a change; `requeue` is a conflict with another writer. The labels are controller-runtime's. */
export type ReconcileResult = 'success' | 'requeue_after' | 'requeue' | 'error';

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

  constructor(options: ControllerOptions) {
    this.name = options.name;
    this.concurrency = options.concurrency;
    this.queue = options.queue;
    this.#options = options;
    this.#log = options.log.child({ controller: options.name });
    this.#lastProgressAt = options.clock.monotonic();
  }

  get progress(): ControllerProgress {
    return { activeWorkers: this.#inFlight.size, lastProgressAt: this.#lastProgressAt };
  }

  /** Works until `signal` aborts; then finishes what it has begun, and resolves when all of that is done. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.queue.shutDown();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    this.#lastProgressAt = this.#options.clock.monotonic();
    await Promise.all(Array.from({ length: this.concurrency }, () => this.#work()));
    signal.removeEventListener('abort', stop);
  }

  /** Aborts the reconciles that are still running: the end of patience at shutdown. */
  abortInFlight(reason: Error): void {
    for (const controller of this.#inFlight) controller.abort(reason);
  }

  async #work(): Promise<void> {
    for (let key = await this.queue.get(); key !== undefined; key = await this.queue.get()) {
      await this.#process(key);
      this.queue.done(key);
      this.#lastProgressAt = this.#options.clock.monotonic();
    }
  }

  /** Never throws. */
  async #process(key: string): Promise<void> {
    const { clock, metrics, timeoutMs = defaultTimeoutMs } = this.#options;
    const startedAt = clock.monotonic();
    const abort = new AbortController();
    const cancelTimeout = clock.setTimer(timeoutMs, () => {
      metrics?.timedOut();
      abort.abort(new ReconcileTimeoutError(timeoutMs));
    });
    const log = this.#log.child({ key });
    this.#inFlight.add(abort);
    let result: ReconcileResult;
    try {
      result = this.#succeeded(key, await this.#options.reconcile(key, { signal: abort.signal, log }));
    } catch (thrown) {
      result = this.#failed(key, thrown, log, abort.signal);
    } finally {
      this.#inFlight.delete(abort);
      cancelTimeout();
    }
    metrics?.reconciled(result, clock.monotonic() - startedAt);
  }

  #succeeded(key: string, result: Result): ReconcileResult {
    this.#forget(key);
    if (result.kind === 'awaitChange') return 'success';
    this.queue.addAfter(key, result.delayMs);
    return 'requeue_after';
  }

  /** The only place where errors are logged and turned into retries. */
  #failed(key: string, thrown: unknown, log: Logger, signal: AbortSignal): ReconcileResult {
    const error = toError(thrown);
    if (error instanceof WaitError) {
      this.#forget(key);
      this.queue.addAfter(key, error.retryAfterMs);
      log.debug({ reason: error.reason, error, retryInMs: error.retryAfterMs }, 'reconcile waits');
      return 'requeue_after';
    }
    if (error instanceof TerminalError) {
      this.#forget(key);
      this.#options.metrics?.failedTerminally();
      log.warn({ reason: error.reason, error }, 'reconcile failed until something changes');
      return 'error';
    }
    if (isConflict(error)) {
      this.queue.addAfter(key, this.#conflicts.next(key), 'urgent');
      log.debug({ error }, 'reconcile met another writer');
      return 'requeue';
    }
    if (isPanic(thrown)) this.#options.metrics?.panicked();
    const retryInMs = this.queue.addRateLimited(key);
    log.error({ error, retryInMs, isAborted: signal.aborted }, 'reconcile failed');
    return 'error';
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

/** What nobody throws on purpose. */
function isPanic(thrown: unknown): boolean {
  const isLanguageError =
    thrown instanceof TypeError || thrown instanceof ReferenceError || thrown instanceof RangeError;
  return isLanguageError || !(thrown instanceof Error);
}
