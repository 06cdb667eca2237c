/** Judges whether the process still does its work: a process that silently stopped is worse than one that restarts. */
import type { Clock } from './clock.ts';
import type { ManagedController, ManagedInformer } from './manager.ts';

export interface WatchdogOptions {
  readonly clock: Clock;
  readonly informers: readonly ManagedInformer[];
  readonly controllers: readonly ManagedController[];
  /** Keys wait and no worker of their controller finished anything for so long. Default 5 min. */
  readonly noProgressMs?: number;
  /** A delayed key was not handed over for so long after it was due. Default 5 min. */
  readonly overdueMs?: number;
  /** One key has been worked on for so long. Default 15 min. */
  readonly longestReconcileMs?: number;
  /** An informer did nothing at all for so long, not even fail; a watch lives 10 min. Default 15 min. */
  readonly silentInformerMs?: number;
  /** A key waits for so long though others make progress. Default: for ever; a slow backend is no reason to restart. */
  readonly longestWaitMs?: number;
}

const minuteMs = 60_000;

export class Watchdog {
  readonly #options: Required<WatchdogOptions>;

  constructor(options: WatchdogOptions) {
    const bounds = {
      noProgressMs: 5 * minuteMs,
      overdueMs: 5 * minuteMs,
      longestReconcileMs: 15 * minuteMs,
      silentInformerMs: 15 * minuteMs,
      longestWaitMs: Number.POSITIVE_INFINITY,
    };
    this.#options = { ...bounds, ...options };
  }

  /** Why the process should be restarted; empty while it works, whatever the state of the API server or a backend. */
  livenessProblems(): string[] {
    const { informers, controllers } = this.#options;
    return [
      ...controllers.flatMap((controller) => this.#controllerProblems(controller)),
      ...informers.flatMap((informer) => this.#informerProblems(informer)),
    ];
  }

  /** Why the process is not ready; empty once all caches are filled. */
  readinessProblems(): string[] {
    return this.#options.informers
      .filter(({ health }) => !health.synced)
      .map(({ resource, health }) => `${resource.plural}: not synced: ${health.lastError?.message ?? 'still listing'}`);
  }

  #controllerProblems(controller: ManagedController): string[] {
    if (!controller.progress.isRunning) return [];
    const { clock, noProgressMs, overdueMs, longestReconcileMs, longestWaitMs } = this.#options;
    const { oldestWaitMs, longestRunningMs, overdueMs: lateMs } = controller.queue.snapshot();
    const idleMs = clock.monotonic() - controller.progress.lastProgressAt;
    const problems: string[] = [];
    if (Math.min(oldestWaitMs, idleMs) > noProgressMs) problems.push('keys wait and no worker makes progress');
    if (oldestWaitMs > longestWaitMs) problems.push('a key waits too long');
    if (longestRunningMs > longestReconcileMs) problems.push('a reconcile does not end');
    if (lateMs > overdueMs) problems.push('delayed keys are not handed over');
    return problems.map((problem) => `${controller.name}: ${problem}`);
  }

  #informerProblems({ resource, health }: ManagedInformer): string[] {
    const silentMs = this.#options.clock.monotonic() - health.lastActivityAt;
    return silentMs > this.#options.silentInformerMs ? [`${resource.plural}: the informer is stuck`] : [];
  }
}
