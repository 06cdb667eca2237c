/** The real clock: the only place of the program that asks the platform for the time. */
import { type Clock, maxDelayMs } from '../lib/clock.ts';

export { type CancelTimer, type Clock, maxDelayMs, sleep } from '../lib/clock.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(delayMs, callback) {
    // A delay that overflows 32 bits would fire at once and turn a long wait into a hot loop.
    const timer = setTimeout(callback, Math.min(Math.max(Math.ceil(delayMs), 0), maxDelayMs));
    return () => clearTimeout(timer);
  },
};
