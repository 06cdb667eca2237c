/** The way every remote call of a provider goes: budget, timeout, retries, one kind of error, one place to count. */
import { orAbort } from '../lib/abort.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { deadline } from '../lib/deadline.ts';
import type { Permit, RateBudget } from './budget.ts';
import type { ApiCaller } from './context.ts';
import { ProviderError, type ProviderErrorKind } from './errors.ts';
import type { RetrySettings } from './retrysettings.ts';

export { defaultRetrySettings, type RetrySettings } from './retrysettings.ts';

export interface CallMetrics {
  /** One attempt of one call ended. */
  observeCall(observation: CallObservation): void;
  /** Why an attempt failed; of those that ended because nobody waits any more nothing is told. */
  observeFailure(failure: CallFailure): void;
}

export interface CallObservation {
  readonly backend: string;
  readonly call: string;
  readonly status: 'success' | 'error';
  readonly durationMs: number;
}

export interface CallFailure {
  readonly backend: string;
  readonly call: string;
  readonly kind: ProviderErrorKind;
}

export interface ApiCallerOptions {
  readonly backend: string;
  readonly toProviderError: (cause: unknown) => ProviderError;
  readonly budget: RateBudget;
  readonly retry: RetrySettings;
  readonly clock: Clock;
  readonly metrics: CallMetrics;
  /** How long one attempt may take. Default 15 s. */
  readonly attemptTimeoutMs?: number;
  /** In [0, 1); retries wait up to a fifth longer than they must. */
  readonly random?: () => number;
}

/** Retries `unavailable`, `timeout` and `throttled`; everything else is final. An abort rejects with the signal's reason. */
export function apiCaller(options: ApiCallerOptions): ApiCaller {
  return async (call, run, signal) => {
    for (let retries = 0; ; retries += 1) {
      const permit = await options.budget.acquire(signal);
      try {
        return await attempt(options, call, run, signal);
      } catch (cause) {
        const error = await givenUp(options, call, cause, { permit, retries, signal });
        if (error !== undefined) throw error;
      }
    }
  };
}

/** What to throw after a failed attempt; undefined, after a wait, when it is worth another. */
async function givenUp(
  options: ApiCallerOptions,
  call: string,
  cause: unknown,
  { permit, retries, signal }: { readonly permit: Permit; readonly retries: number; readonly signal: AbortSignal },
): Promise<unknown> {
  if (signal.aborted) return signal.reason;
  const error = cause instanceof ProviderError ? cause : options.toProviderError(cause);
  options.metrics.observeFailure({ backend: options.backend, call, kind: error.kind });
  if (error.kind === 'throttled') options.budget.throttled(permit, error.retryAfterMs);
  const { retry, budget, clock, random = Math.random } = options;
  const isWorthIt = error.kind === 'unavailable' || error.kind === 'timeout' || error.kind === 'throttled';
  if (!isWorthIt || retries >= retry.maxRetries) return error;
  // A longer wait belongs to the queue, which does not hold a worker for it.
  if ((error.retryAfterMs ?? 0) > budget.maxWaitMs) return error;
  await sleep(clock, Math.max(retry.retryIntervalMs, error.retryAfterMs ?? 0) * (1 + 0.2 * random()), signal);
  return undefined;
}

async function attempt<T>(
  options: ApiCallerOptions,
  call: string,
  run: (signal: AbortSignal) => Promise<T>,
  outer: AbortSignal,
): Promise<T> {
  const { backend, clock, metrics, attemptTimeoutMs = 15_000 } = options;
  const limit = deadline(clock, attemptTimeoutMs, outer);
  const startedAt = clock.monotonic();
  let status: 'success' | 'error' = 'error';
  try {
    // Not every SDK heeds its signal.
    const answer = await orAbort(run(limit.signal), limit.signal);
    status = 'success';
    return answer;
  } catch (error) {
    if (!limit.isOver) throw error;
    const message = `${backend} did not answer ${call} within ${attemptTimeoutMs / 1_000} s`;
    throw new ProviderError('timeout', message, { cause: error });
  } finally {
    limit.end();
    metrics.observeCall({ backend, call, status, durationMs: clock.monotonic() - startedAt });
  }
}
