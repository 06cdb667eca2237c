/** Several reads as few calls, where policies and quotas allow it; each read on its own where they do not. */
import type { Clock } from '../../lib/clock.ts';
import { mapLimited } from '../../lib/limited.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { RemoteRef, RemoteSecret } from '../../provider/provider.ts';
import { isAccessDenied, toProviderError } from './errors.ts';

export type Answer = RemoteSecret | ProviderError;
/** By read key. */
export type Answers = Map<string, Answer>;

export interface BatchedReadsOptions {
  readonly clock: Clock;
  /** The most that one call takes. */
  readonly size: number;
  readonly readKey: (ref: RemoteRef) => string;
  readonly read: (ref: RemoteRef, signal: AbortSignal) => Promise<RemoteSecret>;
  /** One call for refs with distinct read keys. What it leaves open is read on its own; undefined: too many batches. */
  readonly readBatch: (refs: readonly RemoteRef[], signal: AbortSignal) => Promise<Answers | undefined>;
  /** Whether a batch can answer it as a single read would. */
  readonly isBatchable: (ref: RemoteRef) => boolean;
}

/** Policies do not change often: they are asked again after so long. */
const deniedMs = 5 * 60_000;
/** Batch calls have quotas of their own, far below those of single reads. */
const throttledMs = 30_000;
/** Calls at the same time of one `readMany`. */
const concurrency = 8;

export class BatchedReads {
  readonly #options: BatchedReadsOptions;
  /** Monotonic: no batch before. */
  #closedUntil = Number.NEGATIVE_INFINITY;

  constructor(options: BatchedReadsOptions) {
    this.#options = options;
  }

  /** @throws only an abort's reason, or what is no ProviderError */
  async readMany(refs: readonly RemoteRef[], signal: AbortSignal): Promise<Answers> {
    const { readKey, isBatchable, size } = this.#options;
    const open = new Map(refs.map((ref) => [readKey(ref), ref]));
    const batchable = this.#isOpen ? [...open.values()].filter(isBatchable) : [];
    const answers: Answers = new Map();
    if (batchable.length > 1)
      for (const batch of await mapLimited(chunksOf(batchable, size), concurrency, (some) => this.#batch(some, signal)))
        for (const [key, answer] of batch) answers.set(key, answer);
    const left = [...open].filter(([key]) => !answers.has(key));
    const read = async ([key, ref]: [string, RemoteRef]): Promise<void> =>
      void answers.set(key, await this.#single(ref, signal));
    await mapLimited(left, concurrency, read);
    return answers;
  }

  get #isOpen(): boolean {
    return this.#options.clock.monotonic() >= this.#closedUntil;
  }

  /** Empty when it was refused for a reason that need not hold for each read on its own. */
  async #batch(refs: readonly RemoteRef[], signal: AbortSignal): Promise<Answers> {
    if (!this.#isOpen) return new Map();
    const outcome = await orProviderError(this.#options.readBatch(refs, signal));
    if (outcome === undefined) this.#close(throttledMs);
    if (!(outcome instanceof ProviderError)) return outcome ?? new Map();
    if (isAccessDenied(outcome)) this.#close(deniedMs);
    const { kind } = outcome;
    const holdsForEach = kind === 'unavailable' || kind === 'timeout' || kind === 'throttled';
    return holdsForEach ? new Map(refs.map((ref) => [this.#options.readKey(ref), outcome])) : new Map();
  }

  #single(ref: RemoteRef, signal: AbortSignal): Promise<Answer> {
    return orProviderError(this.#options.read(ref, signal));
  }

  #close(forMs: number): void {
    this.#closedUntil = this.#options.clock.monotonic() + forMs;
  }
}

/**
 * For batch calls: being throttled says nothing about single reads, so it must not slow the whole store.
 * @returns undefined when there were too many batches
 */
export async function unlessThrottled<T>(batch: Promise<T>): Promise<T | undefined> {
  try {
    return await batch;
  } catch (error) {
    if (toProviderError(error).kind === 'throttled') return undefined;
    throw error;
  }
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

async function orProviderError<T>(reading: Promise<T>): Promise<T | ProviderError> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}
