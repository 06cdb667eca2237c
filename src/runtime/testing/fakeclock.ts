/** A clock that stands still until a test moves it. */
import { setImmediate } from 'node:timers/promises';
import { type CancelTimer, type Clock, maxDelayMs } from '../clock.ts';

interface FakeTimer {
  readonly dueAt: number;
  readonly callback: () => void;
}

export class FakeClock implements Clock {
  readonly #epochMs: number;
  readonly #timers = new Set<FakeTimer>();
  #elapsedMs = 0;

  /** @param epochMs what `now` answers at first */
  constructor(epochMs: number = Date.UTC(2026, 0, 1)) {
    this.#epochMs = epochMs;
  }

  /** Timers that have not fired. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#epochMs + this.#elapsedMs;
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  setTimer(delayMs: number, callback: () => void): CancelTimer {
    const timer = { dueAt: this.#elapsedMs + Math.min(Math.max(delayMs, 0), maxDelayMs), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Moves the time on and fires what is due on the way, each timer at its own time, in order. */
  advance(byMs: number): void {
    const end = this.#elapsedMs + byMs;
    for (let timer = this.#earliest(end); timer !== undefined; timer = this.#earliest(end)) this.#fire(timer);
    this.#elapsedMs = end;
  }

  /** The same, giving promises (and sockets) a chance to go on before, between and after the timers. */
  async advanceAsync(byMs: number): Promise<void> {
    const end = this.#elapsedMs + byMs;
    await setImmediate();
    for (let timer = this.#earliest(end); timer !== undefined; timer = this.#earliest(end)) {
      this.#fire(timer);
      await setImmediate();
    }
    this.#elapsedMs = end;
    await setImmediate();
  }

  #fire(timer: FakeTimer): void {
    this.#timers.delete(timer);
    this.#elapsedMs = Math.max(this.#elapsedMs, timer.dueAt);
    timer.callback();
  }

  #earliest(end: number): FakeTimer | undefined {
    let earliest: FakeTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueAt <= end && (earliest === undefined || timer.dueAt < earliest.dueAt)) earliest = timer;
    }
    return earliest;
  }
}
