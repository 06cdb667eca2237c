/** Identical reads of different ExternalSecrets are one: while it is under way, and for a moment after. */
import type { CancelTimer, Clock } from '../lib/clock.ts';
import { Flight } from '../lib/flight.ts';
import { ProviderError } from './errors.ts';
import type { RemoteRef, RemoteSecret, SecretsClient } from './provider.ts';

export interface SharedReadMetrics {
  /** `hit`: answered from a moment ago; `coalesced`: by a read under way; `miss`: by a read of its own. */
  observeRead(outcome: 'hit' | 'coalesced' | 'miss'): void;
}

export interface SharedReadsOptions {
  readonly clock: Clock;
  readonly metrics: SharedReadMetrics;
  /** How long an answer serves others after it came. Default 3 s; longer would keep secrets in memory. */
  readonly keepMs?: number;
  /** Default 16 MiB. */
  readonly maxBytes?: number;
  /** Default 4,096. */
  readonly maxEntries?: number;
}

export interface FetchOptions {
  /** Reads anew whatever others have read or are reading: somebody asked for a refresh by hand. */
  readonly isForced: boolean;
  readonly signal: AbortSignal;
}

/** What was read under each read key. */
export type Answers = ReadonlyMap<string, RemoteSecret | ProviderError>;

interface Kept {
  readonly client: SecretsClient;
  readonly readKey: string;
  readonly secret: RemoteSecret;
  readonly sizeBytes: number;
  readonly expiresAt: number;
}

interface ClientReads {
  readonly running: Map<string, Flight<Answers>>;
  readonly kept: Map<string, Kept>;
}

/**
 * Keyed by client and read key: a store's new client, made from new credentials, never answers with what the old one
 * read. Failures are shared while they are under way, never kept. One caller's abort does not abort the others.
 */
export class SharedReads {
  readonly #clock: Clock;
  readonly #metrics: SharedReadMetrics;
  readonly #keepMs: number;
  readonly #maxBytes: number;
  readonly #maxEntries: number;
  readonly #clients = new WeakMap<SecretsClient, ClientReads>();
  /** Oldest first. */
  readonly #kept = new Set<Kept>();
  #bytes = 0;
  #cancelTimer: CancelTimer | undefined;

  constructor(options: SharedReadsOptions) {
    this.#clock = options.clock;
    this.#metrics = options.metrics;
    this.#keepMs = options.keepMs ?? 3_000;
    this.#maxBytes = options.maxBytes ?? 16 * 1_024 * 1_024;
    this.#maxEntries = options.maxEntries ?? 4_096;
  }

  /** Bytes of secrets that are held for others. */
  get keptBytes(): number {
    return this.#bytes;
  }

  /**
   * Reads refs of different read keys; what has to be read goes into one batch where the client can do that.
   * @throws the signal's reason when aborted
   */
  async fetch(client: SecretsClient, refs: readonly RemoteRef[], options: FetchOptions): Promise<Answers> {
    const isShared = (ref: RemoteRef): boolean => client.isShareable?.(ref) !== false;
    const [shared, alone] = [refs.filter(isShared), refs.filter((ref) => !isShared(ref))];
    for (const _ of alone) this.#metrics.observeRead('miss');
    if (options.isForced) this.#supersede(client, shared);
    const answers = await Promise.all([
      ...(shared.length === 0 ? [] : [this.#fetchShared(client, shared, options.signal)]),
      ...(alone.length === 0 ? [] : [readAll(client, alone, options.signal)]),
    ]);
    return new Map(answers.flatMap((some) => [...some]));
  }

  /** Nothing that this client has read so far answers another read: it has just written. */
  forget(client: SecretsClient): void {
    const reads = this.#clients.get(client);
    this.#clients.delete(client);
    for (const kept of reads?.kept.values() ?? []) this.#drop(kept);
  }

  /** Whatever was read, or is being read, under these keys answers nobody any more: who comes later must not see older. */
  #supersede(client: SecretsClient, refs: readonly RemoteRef[]): void {
    const reads = this.#readsOf(client);
    for (const ref of refs) {
      const readKey = client.readKey(ref);
      reads.running.delete(readKey);
      const kept = reads.kept.get(readKey);
      if (kept !== undefined) this.#drop(kept);
    }
  }

  async #fetchShared(client: SecretsClient, refs: readonly RemoteRef[], signal: AbortSignal): Promise<Answers> {
    const reads = this.#readsOf(client);
    const answers = new Map<string, RemoteSecret | ProviderError>();
    const flights = new Map<string, Flight<Answers>>();
    const missing: RemoteRef[] = [];
    for (const ref of refs) {
      const readKey = client.readKey(ref);
      const kept = reads.kept.get(readKey);
      const running = joinable(reads.running.get(readKey));
      this.#metrics.observeRead(kept !== undefined ? 'hit' : running !== undefined ? 'coalesced' : 'miss');
      if (kept !== undefined) answers.set(readKey, kept.secret);
      else if (running !== undefined) flights.set(readKey, running);
      else missing.push(ref);
    }
    if (missing.length > 0) {
      const flight = this.#begin(client, reads, missing);
      for (const ref of missing) flights.set(client.readKey(ref), flight);
    }
    await Promise.all(
      Array.from(flights, async ([readKey, flight]) =>
        answers.set(readKey, answerFor(readKey, await flight.wait(signal))),
      ),
    );
    return answers;
  }

  #begin(client: SecretsClient, reads: ClientReads, refs: readonly RemoteRef[]): Flight<Answers> {
    const readKeys = refs.map((ref) => client.readKey(ref));
    const flight: Flight<Answers> = new Flight(async (signal) => {
      const endRunning = (): void => {
        for (const readKey of readKeys) if (reads.running.get(readKey) === flight) reads.running.delete(readKey);
      };
      // Nobody joins what is being given up.
      signal.addEventListener('abort', endRunning, { once: true });
      try {
        const answers = await readAll(client, refs, signal);
        for (const [readKey, answer] of answers) {
          const isNewest = reads.running.get(readKey) === flight;
          if (isNewest && !(answer instanceof ProviderError)) this.#keep(client, reads, readKey, answer);
        }
        return answers;
      } finally {
        endRunning();
      }
    });
    for (const readKey of readKeys) reads.running.set(readKey, flight);
    return flight;
  }

  #readsOf(client: SecretsClient): ClientReads {
    const known = this.#clients.get(client);
    if (known !== undefined) return known;
    const reads: ClientReads = { running: new Map(), kept: new Map() };
    this.#clients.set(client, reads);
    return reads;
  }

  #keep(client: SecretsClient, reads: ClientReads, readKey: string, secret: RemoteSecret): void {
    // Forgotten in the middle of the read; leased values belong to whoever asked.
    if (this.#clients.get(client) !== reads || secret.lease !== undefined) return;
    const sizeBytes = sizeOf(secret);
    if (sizeBytes > this.#maxBytes) return;
    const replaced = reads.kept.get(readKey);
    if (replaced !== undefined) this.#drop(replaced);
    const kept = { client, readKey, secret, sizeBytes, expiresAt: this.#clock.monotonic() + this.#keepMs };
    reads.kept.set(readKey, kept);
    this.#kept.add(kept);
    this.#bytes += sizeBytes;
    for (const oldest of this.#kept) {
      if (this.#bytes <= this.#maxBytes && this.#kept.size <= this.#maxEntries) break;
      this.#drop(oldest);
    }
    this.#schedule();
  }

  #drop(kept: Kept): void {
    if (!this.#kept.delete(kept)) return;
    this.#bytes -= kept.sizeBytes;
    this.#clients.get(kept.client)?.kept.delete(kept.readKey);
  }

  /** One timer, for the oldest. */
  #schedule(): void {
    const [oldest] = this.#kept;
    if (oldest === undefined || this.#cancelTimer !== undefined) return;
    this.#cancelTimer = this.#clock.setTimer(oldest.expiresAt - this.#clock.monotonic(), () => {
      this.#cancelTimer = undefined;
      const now = this.#clock.monotonic();
      for (const kept of this.#kept) {
        if (kept.expiresAt > now) break;
        this.#drop(kept);
      }
      this.#schedule();
    });
  }
}

function joinable(flight: Flight<Answers> | undefined): Flight<Answers> | undefined {
  return flight?.isAbandoned === true ? undefined : flight;
}

/** As one batch where there are several and the client can; else side by side. */
async function readAll(client: SecretsClient, refs: readonly RemoteRef[], signal: AbortSignal): Promise<Answers> {
  if (refs.length > 1 && client.readMany !== undefined) {
    const answers = await orProviderError(client.readMany(refs, signal));
    return answers instanceof ProviderError ? new Map(refs.map((ref) => [client.readKey(ref), answers])) : answers;
  }
  const read = async (ref: RemoteRef) =>
    [client.readKey(ref), await orProviderError(client.read(ref, signal))] as const;
  return new Map(await Promise.all(refs.map(read)));
}

async function orProviderError<T>(reading: Promise<T>): Promise<T | ProviderError> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}

function answerFor(readKey: string, answers: Answers): RemoteSecret | ProviderError {
  return (
    answers.get(readKey) ?? new ProviderError('unavailable', 'the provider gave no answer to one of several reads')
  );
}

function sizeOf(secret: RemoteSecret): number {
  if (secret.sizeBytes !== undefined) return secret.sizeBytes;
  try {
    return secret.value(undefined).byteLength;
  } catch (error) {
    if (error instanceof ProviderError) return 0;
    throw error;
  }
}
