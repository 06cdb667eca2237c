/** Hands keys over when their time has come: any number of delays of any length, one timer. */
import type { CancelTimer, Clock } from './clock.ts';
import { type DelayedKey, DelayHeap } from './delayheap.ts';
import { type Lane, urgentOf } from './lane.ts';

export interface DelayQueueOptions {
  readonly clock: Clock;
  readonly onDue: (key: string, lane: Lane) => void;
}

interface Delayed extends DelayedKey {
  lane: Lane;
}

export class DelayQueue {
  readonly #clock: Clock;
  readonly #onDue: (key: string, lane: Lane) => void;
  readonly #heap = new DelayHeap<Delayed>();
  #timer: { readonly dueAt: number; readonly cancel: CancelTimer } | undefined;

  constructor(options: DelayQueueOptions) {
    this.#clock = options.clock;
    this.#onDue = options.onDue;
  }

  get size(): number {
    return this.#heap.size;
  }

  /** When the next key is due, in monotonic milliseconds. */
  get nextDueAt(): number | undefined {
    return this.#heap.peek()?.dueAt;
  }

  /** A key waits once: of two delays the earlier time wins, of two lanes the urgent one. */
  schedule(key: string, delayMs: number, lane: Lane): void {
    const dueAt = this.#clock.monotonic() + delayMs;
    const waiting = this.#heap.get(key);
    if (waiting === undefined) {
      this.#heap.push({ key, dueAt, lane });
    } else {
      waiting.lane = urgentOf(waiting.lane, lane);
      this.#heap.advance(key, dueAt);
    }
    this.#arm();
  }

  cancel(key: string): void {
    this.#heap.remove(key);
  }

  /** Forgets every delay. */
  clear(): void {
    for (let head = this.#heap.peek(); head !== undefined; head = this.#heap.peek()) this.#heap.remove(head.key);
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** A timer that is too early for the head is kept: it looks again. So cancelled keys cost no new timer. */
  #arm(): void {
    const head = this.#heap.peek();
    if (head === undefined || (this.#timer !== undefined && this.#timer.dueAt <= head.dueAt)) return;
    this.#timer?.cancel();
    const cancel = this.#clock.setTimer(head.dueAt - this.#clock.monotonic(), () => this.#fire());
    this.#timer = { dueAt: head.dueAt, cancel };
  }

  #fire(): void {
    this.#timer = undefined;
    const now = this.#clock.monotonic();
    for (let head = this.#heap.peek(); head !== undefined && head.dueAt <= now; head = this.#heap.peek()) {
      this.#heap.remove(head.key);
      this.#onDue(head.key, head.lane);
    }
    this.#arm();
  }
}
