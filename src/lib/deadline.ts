/** A signal that aborts with another one, or when its time is up. */
import type { Clock } from './clock.ts';

export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it was the time that aborted the signal. */
  readonly isOver: boolean;
  /** Must be called when the work is done: stops the timer and lets go of the outer signal. */
  end(): void;
}

export function deadline(clock: Clock, timeoutMs: number, outer: AbortSignal): Deadline {
  const controller = new AbortController();
  let isOver = false;
  const onAbort = (): void => controller.abort(outer.reason);
  if (outer.aborted) onAbort();
  else outer.addEventListener('abort', onAbort, { once: true });
  const cancel = clock.setTimer(timeoutMs, () => {
    isOver = !controller.signal.aborted;
    controller.abort(new DOMException('the time is up', 'TimeoutError'));
  });
  return {
    signal: controller.signal,
    get isOver() {
      return isOver;
    },
    end() {
      cancel();
      outer.removeEventListener('abort', onAbort);
    },
  };
}
