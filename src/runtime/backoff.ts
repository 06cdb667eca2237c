/** Growing, jittered waits between attempts. */

export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
  /** Default 2. */
  readonly factor?: number;
  /** A wait is between itself and itself times 1 + jitter, though never over `maxMs` times that. Default 0.2. */
  readonly jitter?: number;
  /** A number in [0, 1); default `Math.random`. */
  readonly random?: () => number;
}

/** The wait before attempt number `failures + 1`, where `failures` counts from 0. */
export function backoffMs(failures: number, options: BackoffOptions): number {
  const { baseMs, maxMs, factor = 2, jitter = 0.2, random = Math.random } = options;
  const delayMs = Math.min(baseMs * factor ** failures, maxMs);
  return delayMs * (1 + jitter * random());
}

/** The backoff of one activity, such as a watch. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** How long to wait now; longer with every call. */
  next(): number {
    return backoffMs(this.#failures++, this.#options);
  }

  reset(): void {
    this.#failures = 0;
  }
}
