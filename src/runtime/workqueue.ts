/**
 * The work queue: keys in, keys out, with the guarantees of client-go's. A key waits at most once; it is never with two
 * workers; and a key that is added while a worker has it is handed out once more after that worker is done, so no
 * change is lost.
 */
import type { Clock } from './clock.ts';
import { DelayQueue } from './delayqueue.ts';
import { KeyFifo, type WaitingKey } from './keyfifo.ts';
import { type Lane, urgentOf } from './lane.ts';
import { itemRateLimiter, type RateLimiter } from './ratelimiter.ts';

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Default: per key 1 s to 7 min. */
  readonly rateLimiter?: RateLimiter;
  readonly metrics?: QueueMetrics;
}

/** What happened to the queue; `workqueue_*` in client-go's names. Levels come from `snapshot`. */
export interface QueueMetrics {
  added(lane: Lane): void;
  /** A worker took a key that had waited this long. */
  taken(lane: Lane, waitedMs: number): void;
  done(workedMs: number): void;
  retried(): void;
}

export interface QueueSnapshot {
  /** Keys that a worker could take now. */
  readonly depth: Readonly<Record<Lane, number>>;
  /** Keys waiting for their time. */
  readonly delayed: number;
  readonly processing: number;
  /** How late the delayed key is that was due first: more than moments mean a lost timer. */
  readonly overdueMs: number;
  /** How long the oldest key at the head of a lane has waited. */
  readonly oldestWaitMs: number;
  /** How long the key is being worked on that was taken first. */
  readonly longestRunningMs: number;
  /** The working time, so far, of all keys being worked on. */
  readonly unfinishedMs: number;
}

/** With both lanes full, the refresh lane gets one turn in five: it is slow then, but it moves. */
const urgentTurns = 4;

export class WorkQueue {
  readonly #clock: Clock;
  readonly #rateLimiter: RateLimiter;
  readonly #metrics: QueueMetrics | undefined;
  readonly #waiting: Readonly<Record<Lane, KeyFifo>> = { urgent: new KeyFifo(), refresh: new KeyFifo() };
  /** Keys with a worker, and since when. */
  readonly #processing = new Map<string, number>();
  /** Keys that were added while a worker had them. */
  readonly #again = new Map<string, Lane>();
  readonly #delayed: DelayQueue;
  readonly #idleWorkers: ((key: string | undefined) => void)[] = [];
  #urgentTurnsTaken = 0;
  #isShutDown = false;

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock;
    this.#rateLimiter = options.rateLimiter ?? itemRateLimiter();
    this.#metrics = options.metrics;
    this.#delayed = new DelayQueue({ clock: options.clock, onDue: (key, lane) => this.add(key, lane) });
  }

  /** Adds a key; one that is waiting already at most changes to the urgent lane. Ignored after `shutDown`. */
  add(key: string, lane: Lane = 'urgent'): void {
    if (this.#isShutDown) return;
    if (this.#processing.has(key)) {
      this.#again.set(key, urgentOf(this.#again.get(key) ?? lane, lane));
    } else {
      this.#enqueue(key, lane);
    }
  }

  /** Adds the key after the delay, or sooner when it waits for an earlier time already. */
  addAfter(key: string, delayMs: number, lane: Lane = 'refresh'): void {
    if (this.#isShutDown) return;
    if (delayMs > 0) {
      this.#delayed.schedule(key, delayMs, lane);
    } else {
      this.add(key, lane);
    }
  }

  /** Adds a key that failed, after its backoff; answers that wait in milliseconds. */
  addRateLimited(key: string, lane: Lane = 'refresh'): number {
    this.#metrics?.retried();
    const delayMs = this.#rateLimiter.next(key);
    this.addAfter(key, delayMs, lane);
    return delayMs;
  }

  /** Ends the backoff of a key that succeeded. Delays are not touched. */
  forget(key: string): void {
    this.#rateLimiter.forget(key);
  }

  /** How often the key failed since it was last forgotten. */
  failures(key: string): number {
    return this.#rateLimiter.failures(key);
  }

  /**
   * Waits for a key and hands it out, together with the duty to call `done`. A delay that the key still has is dropped:
   * what its worker decides replaces it. Answers undefined after `shutDown`.
   */
  get(): Promise<string | undefined> {
    if (this.#isShutDown) return Promise.resolve(undefined);
    const key = this.#take();
    if (key !== undefined) return Promise.resolve(key);
    return new Promise((resolve) => this.#idleWorkers.push(resolve));
  }

  /** The worker is through with the key, whatever came of it. */
  done(key: string): void {
    const since = this.#processing.get(key);
    if (since === undefined) return;
    this.#processing.delete(key);
    this.#metrics?.done(this.#clock.monotonic() - since);
    const lane = this.#again.get(key);
    if (lane === undefined) return;
    this.#again.delete(key);
    if (!this.#isShutDown) this.#enqueue(key, lane);
  }

  /** Hands out no more keys and takes no more; keys that workers have are theirs until `done`. */
  shutDown(): void {
    this.#isShutDown = true;
    this.#delayed.clear();
    for (const resolve of this.#idleWorkers.splice(0)) resolve(undefined);
  }

  snapshot(): QueueSnapshot {
    const now = this.#clock.monotonic();
    const { urgent, refresh } = this.#waiting;
    let unfinishedMs = 0;
    for (const since of this.#processing.values()) unfinishedMs += now - since;
    return {
      depth: { urgent: urgent.size, refresh: refresh.size },
      delayed: this.#delayed.size,
      processing: this.#processing.size,
      overdueMs: Math.max(0, now - (this.#delayed.nextDueAt ?? now)),
      oldestWaitMs: now - Math.min(urgent.oldestSince ?? now, refresh.oldestSince ?? now),
      longestRunningMs: now - (this.#processing.values().next().value ?? now),
      unfinishedMs,
    };
  }

  #enqueue(key: string, lane: Lane): void {
    const { urgent, refresh } = this.#waiting;
    if (urgent.has(key) || (lane === 'refresh' && refresh.has(key))) return;
    const upgradedSince = lane === 'urgent' ? refresh.remove(key) : undefined;
    this.#waiting[lane].push(key, upgradedSince ?? this.#clock.monotonic());
    if (upgradedSince === undefined) this.#metrics?.added(lane);
    this.#wakeWorker();
  }

  #wakeWorker(): void {
    const resolve = this.#idleWorkers.shift();
    if (resolve !== undefined) resolve(this.#take());
  }

  #take(): string | undefined {
    const lane = this.#nextLane();
    const next: WaitingKey | undefined = this.#waiting[lane].shift();
    if (next === undefined) return undefined;
    const now = this.#clock.monotonic();
    this.#delayed.cancel(next.key);
    this.#processing.set(next.key, now);
    this.#metrics?.taken(lane, now - next.since);
    return next.key;
  }

  #nextLane(): Lane {
    const { urgent, refresh } = this.#waiting;
    if (refresh.size === 0) return 'urgent';
    if (urgent.size === 0 || this.#urgentTurnsTaken >= urgentTurns) {
      this.#urgentTurnsTaken = 0;
      return 'refresh';
    }
    this.#urgentTurnsTaken += 1;
    return 'urgent';
  }
}
