/** Time as a collaborator: code that waits or measures is given a clock, so that tests own the time. */

export interface Clock {
  /** Epoch milliseconds, for timestamps. May jump when the wall clock is set. */
  now(): number;
  /** Milliseconds since an arbitrary moment; never goes back. For durations and due times. */
  monotonic(): number;
  /**
   * Calls `callback` once, no sooner than `delayMs` from now, in a later turn of the event loop.
   * Delays over `maxDelayMs` are cut to it: whoever waits longer looks at the clock and waits again.
   */
  setTimer(delayMs: number, callback: () => void): CancelTimer;
}

/** Prevents the callback; does nothing once it ran. */
export type CancelTimer = () => void;

/** The longest delay that the platform's timers take: 2³¹ − 1 ms, about 24.8 days. */
export const maxDelayMs = 2 ** 31 - 1;

/**
 * Resolves after `delayMs`, which is cut to `maxDelayMs`.
 * @throws the signal's reason as soon as it aborts
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const cancel = clock.setTimer(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    function onAbort(): void {
      cancel();
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
