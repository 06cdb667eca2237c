/** Which remote reads one ExternalSecret needs: one for each distinct remote secret, whatever the number of entries. */
import { mapLimited } from '../lib/limited.ts';
import { ProviderError } from './errors.ts';
import type { RemoteRef, RemoteSecret, SecretsClient } from './provider.ts';
import type { SharedReads } from './sharedreads.ts';

/** What one entry of `data` or `dataFrom[].extract` wants to be read. */
export interface ReadRequest {
  /** The store, as its client: entries on one store have one client. */
  readonly client: SecretsClient;
  readonly ref: RemoteRef;
}

/** One remote read and the requests, by their index, that it answers. */
export interface PlannedRead {
  readonly ref: RemoteRef;
  readonly readKey: string;
  readonly answers: readonly number[];
}

export interface ReadPlan {
  readonly stores: readonly { readonly client: SecretsClient; readonly reads: readonly PlannedRead[] }[];
  /** Requests that cannot be read as they are written, by their index. */
  readonly refused: ReadonlyMap<number, ProviderError>;
  readonly size: number;
}

export interface ExecuteOptions {
  readonly reads: SharedReads;
  /** Somebody asked for a refresh by hand: what others read a moment ago is not good enough. */
  readonly isForced: boolean;
  readonly signal: AbortSignal;
  /** Reads at the same time; default 8. */
  readonly concurrency?: number;
}

/** Pure. Requests of one store with one read key become one read. */
export function planReads(requests: readonly ReadRequest[]): ReadPlan {
  const stores = new Map<SecretsClient, Map<string, { ref: RemoteRef; readKey: string; answers: number[] }>>();
  const refused = new Map<number, ProviderError>();
  for (const [index, { client, ref }] of requests.entries()) {
    const readKey = readKeyOf(client, ref);
    if (readKey instanceof ProviderError) {
      refused.set(index, readKey);
      continue;
    }
    const reads = stores.get(client) ?? new Map<string, { ref: RemoteRef; readKey: string; answers: number[] }>();
    stores.set(client, reads);
    const planned = reads.get(readKey);
    if (planned === undefined) reads.set(readKey, { ref, readKey, answers: [index] });
    else planned.answers.push(index);
  }
  const grouped = Array.from(stores, ([client, reads]) => ({ client, reads: [...reads.values()] }));
  return { stores: grouped, refused, size: requests.length };
}

function readKeyOf(client: SecretsClient, ref: RemoteRef): string | ProviderError {
  try {
    return client.readKey(ref);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}

/**
 * Makes the plan's reads and answers, for each request in order, what was read for it or why it could not be.
 * @throws the signal's reason when aborted
 */
export async function executeReads(
  plan: ReadPlan,
  options: ExecuteOptions,
): Promise<readonly (RemoteSecret | ProviderError)[]> {
  const outcomes = new Map<number, RemoteSecret | ProviderError>(plan.refused);
  await mapLimited(tasksOf(plan), options.concurrency ?? 8, async ({ client, reads }) => {
    const refs = reads.map(({ ref }) => ref);
    const answers = await options.reads.fetch(client, refs, options);
    for (const { readKey, answers: indexes } of reads) {
      const answer = answers.get(readKey) ?? new ProviderError('unavailable', 'the provider gave no answer');
      for (const index of indexes) outcomes.set(index, answer);
    }
  });
  return Array.from({ length: plan.size }, (_, index) => outcomes.get(index) ?? unread());
}

/** All reads of a store are one task where its client can read many, else each is its own. */
function tasksOf({
  stores,
}: ReadPlan): readonly { readonly client: SecretsClient; readonly reads: readonly PlannedRead[] }[] {
  return stores.flatMap(({ client, reads }) =>
    client.readMany === undefined ? reads.map((read) => ({ client, reads: [read] })) : [{ client, reads }],
  );
}

function unread(): never {
  throw new Error('a planned read has no outcome');
}
