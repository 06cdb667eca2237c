/** Errors that carry their retry policy: whoever throws knows best what has to happen next. */

export interface OutcomeErrorOptions {
  readonly cause?: unknown;
}

export interface WaitErrorOptions extends OutcomeErrorOptions {
  readonly retryAfterMs: number;
}

/**
 * Only the user can mend this (a bad spec, a foreign owner): no retry until something that the object depends on
 * changes. `reason` is the CamelCase reason of the condition.
 */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
  readonly reason: string;

  constructor(reason: string, message: string, options: OutcomeErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.reason = reason;
  }
}

/** Needs time, not mending (a store that is not ready, throttling with a hint): retried after that time, no backoff. */
export class WaitError extends Error {
  override readonly name = 'WaitError';
  readonly reason: string;
  readonly retryAfterMs: number;

  constructor(reason: string, message: string, options: WaitErrorOptions) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.reason = reason;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Why a signal aborted when the process could not wait any longer for what was still running. */
export class ShutdownError extends Error {
  override readonly name = 'ShutdownError';

  constructor(message = 'the process is shutting down') {
    super(message);
  }
}

/** Whatever was thrown, as an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('something that is not an error was thrown', { cause: thrown });
}
