/** Patience with an end. */
import type { Clock } from './clock.ts';

/**
 * Whether `promise` settles in time. What it does later is nobody's concern.
 * @throws what `promise` rejects with in time
 */
export function withinMs(clock: Clock, timeoutMs: number, promise: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(timeoutMs, () => resolve(false));
    promise.then(() => resolve(true), reject).finally(cancel);
  });
}
