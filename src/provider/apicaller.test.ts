import { describe, expect, it } from 'vitest';
import { FakeClock } from '../runtime/testing/fakeclock.ts';
import { type ApiCallerOptions, apiCaller, type CallFailure, type CallObservation } from './apicaller.ts';
import { RateBudget } from './budget.ts';
import type { ApiCaller } from './context.ts';
import { ProviderError, type ProviderErrorKind } from './errors.ts';

const never = new AbortController().signal;

interface World {
  readonly clock: FakeClock;
  readonly caller: ApiCaller;
  readonly budget: RateBudget;
  readonly observed: CallObservation[];
  readonly failures: CallFailure[];
}

/** What an SDK throws in these tests. */
class BackendError extends Error {
  readonly kind: ProviderErrorKind;
  readonly retryAfterMs: number | undefined;

  constructor(kind: ProviderErrorKind, retryAfterMs?: number) {
    super(`backend says ${kind}`);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

function toProviderError(cause: unknown): ProviderError {
  if (!(cause instanceof BackendError)) return new ProviderError('invalid', 'not an error of the backend', { cause });
  const { kind, retryAfterMs } = cause;
  return new ProviderError(kind, cause.message, retryAfterMs === undefined ? { cause } : { cause, retryAfterMs });
}

function world(options: Partial<ApiCallerOptions> = {}): World {
  const clock = new FakeClock();
  const observed: CallObservation[] = [];
  const failures: CallFailure[] = [];
  const budget = options.budget ?? new RateBudget({ clock, random: () => 0 });
  const caller = apiCaller({
    backend: 'Test/Backend',
    toProviderError,
    budget,
    retry: { maxRetries: 2, retryIntervalMs: 100 },
    clock,
    metrics: {
      observeCall: (observation) => void observed.push(observation),
      observeFailure: (failure) => void failures.push(failure),
    },
    random: () => 0,
    ...options,
  });
  return { clock, caller, budget, observed, failures };
}

/** Fails in these ways, one after the other, then answers. */
function failing(...failures: unknown[]): { run: () => Promise<string>; attempts: () => number } {
  let attempts = 0;
  return {
    attempts: () => attempts,
    async run() {
      const failure = failures[attempts];
      attempts += 1;
      if (failure !== undefined) throw failure;
      return 'answer';
    },
  };
}

describe('a remote call', () => {
  it('answers what the backend answers, and is counted with its duration', async () => {
    const { clock, caller, observed } = world();
    const answer = caller(
      'GetSecret',
      async () => {
        clock.advance(30);
        return 'answer';
      },
      never,
    );
    expect(await answer).toBe('answer');
    expect(observed).toEqual([{ backend: 'Test/Backend', call: 'GetSecret', status: 'success', durationMs: 30 }]);
  });

  it.each(['unavailable', 'timeout', 'throttled'] as const)('is made again when it was %s', async (kind) => {
    const { clock, caller, observed, failures } = world();
    const { run, attempts } = failing(new BackendError(kind), new BackendError(kind));
    const answer = caller('GetSecret', run, never);
    await clock.advanceAsync(10_000);
    expect(await answer).toBe('answer');
    expect(attempts()).toBe(3);
    expect(observed.map(({ status }) => status)).toEqual(['error', 'error', 'success']);
    const failure = { backend: 'Test/Backend', call: 'GetSecret', kind };
    expect(failures).toEqual([failure, failure]);
  });

  it.each(['notFound', 'denied', 'invalid'] as const)('is not made again when it was %s', async (kind) => {
    const { caller } = world();
    const { run, attempts } = failing(new BackendError(kind));
    await expect(caller('GetSecret', run, never)).rejects.toMatchObject({ name: 'ProviderError', kind });
    expect(attempts()).toBe(1);
  });

  it('fails with the last error when the retries are used up', async () => {
    const { clock, caller } = world();
    const { run, attempts } = failing(...Array.from({ length: 9 }, () => new BackendError('unavailable')));
    const refused = expect(caller('GetSecret', run, never)).rejects.toMatchObject({ kind: 'unavailable' });
    await clock.advanceAsync(10_000);
    await refused;
    expect(attempts()).toBe(3);
  });

  it('is made once when the store says maxRetries 0', async () => {
    const { caller } = world({ retry: { maxRetries: 0, retryIntervalMs: 100 } });
    const { run, attempts } = failing(new BackendError('unavailable'));
    await expect(caller('GetSecret', run, never)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(attempts()).toBe(1);
  });

  it('waits between attempts for as long as the backend asks', async () => {
    const { clock, caller } = world();
    const { run, attempts } = failing(new BackendError('throttled', 2_000));
    const answer = caller('GetSecret', run, never);
    await clock.advanceAsync(1_999);
    expect(attempts()).toBe(1);
    await clock.advanceAsync(3_000);
    expect(await answer).toBe('answer');
  });

  it('leaves a long wait to the queue, with the time to come back', async () => {
    const { caller, budget } = world();
    const { run, attempts } = failing(new BackendError('throttled', 60_000));
    await expect(caller('GetSecret', run, never)).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 60_000 });
    expect(attempts()).toBe(1);
    await expect(budget.acquire(never)).rejects.toMatchObject({ kind: 'throttled' });
  });

  it('slows the store down for everybody when it is throttled', async () => {
    const { caller, budget } = world({ retry: { maxRetries: 0, retryIntervalMs: 1 } });
    const before = budget.perSecond;
    const { run } = failing(new BackendError('throttled'));
    await expect(caller('GetSecret', run, never)).rejects.toMatchObject({ kind: 'throttled' });
    expect(budget.perSecond).toBeLessThan(before);
  });

  it('ends with timeout when no answer comes, also when the SDK ignores its signal', async () => {
    const { clock, caller, observed } = world({
      attemptTimeoutMs: 5_000,
      retry: { maxRetries: 0, retryIntervalMs: 1 },
    });
    const refused = expect(caller('GetSecret', () => new Promise(() => undefined), never)).rejects.toMatchObject({
      kind: 'timeout',
      message: 'Test/Backend did not answer GetSecret within 5 s',
    });
    await clock.advanceAsync(5_000);
    await refused;
    expect(observed).toMatchObject([{ status: 'error', durationMs: 5_000 }]);
  });

  it('tells the SDK to stop when the time of an attempt is up', async () => {
    const { clock, caller } = world({ retry: { maxRetries: 0, retryIntervalMs: 1 } });
    let seen: AbortSignal | undefined;
    const refused = expect(
      caller(
        'GetSecret',
        (signal) => {
          seen = signal;
          return new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(new Error('the SDK’s own words'))),
          );
        },
        never,
      ),
    ).rejects.toMatchObject({ kind: 'timeout' });
    await clock.advanceAsync(15_000);
    await refused;
    expect(seen?.aborted).toBe(true);
  });

  it('rejects with the signal’s reason when aborted during an attempt, between attempts or before the first', async () => {
    const { clock, caller } = world();
    const reason = new Error('given up');
    const during = new AbortController();
    const hanging = expect(caller('GetSecret', () => new Promise(() => undefined), during.signal)).rejects.toBe(reason);
    await clock.advanceAsync(0);
    during.abort(reason);
    await hanging;

    const between = new AbortController();
    const { run, attempts } = failing(new BackendError('unavailable'));
    const waiting = expect(caller('GetSecret', run, between.signal)).rejects.toBe(reason);
    await clock.advanceAsync(50);
    between.abort(reason);
    await waiting;
    expect(attempts()).toBe(1);

    await expect(caller('GetSecret', run, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(attempts()).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('passes a ProviderError of the call itself on as it is', async () => {
    const { caller } = world();
    const error = new ProviderError('notFound', 'nothing there');
    await expect(caller('GetSecret', () => Promise.reject(error), never)).rejects.toBe(error);
  });

  it('leaves no timer behind', async () => {
    const { clock, caller } = world();
    await caller('GetSecret', async () => 'answer', never);
    expect(clock.pendingTimers).toBe(0);
  });
});
