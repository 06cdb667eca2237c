/** The one error that leaves a provider: what went wrong, in six kinds that decide what happens next. */

/**
 * What a failure means for the caller:
 * - `notFound`: the remote secret does not exist; drives `deletionPolicy`.
 * - `denied`: the credentials were refused or may not read this secret; backoff with a long base, because
 *   permissions are often mended outside the cluster, where no watch event comes from.
 * - `invalid`: the request can never succeed as written (bad property, bad version, bad spec); no retry until
 *   something changes.
 * - `throttled`: the backend asked for less; the store slows down, not the queue.
 * - `unavailable`: network failure or 5xx; backoff. With `timeout` one of the two kinds that permit failover.
 * - `timeout`: no complete answer in time; backoff.
 */
export type ProviderErrorKind = 'notFound' | 'denied' | 'invalid' | 'throttled' | 'unavailable' | 'timeout';

export interface ProviderErrorOptions {
  readonly cause?: unknown;
  /** The wait that the backend asked for, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** Messages go into conditions and events: they name keys, properties, status codes, but never hold a value. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  readonly retryAfterMs: number | undefined;

  constructor(kind: ProviderErrorKind, message: string, options: ProviderErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Whether `error` says that the remote secret does not exist. */
export function isSecretNotFound(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.kind === 'notFound';
}
