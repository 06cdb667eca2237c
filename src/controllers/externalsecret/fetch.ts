/** Reads what an ExternalSecret asks for: one remote read for each distinct secret, whatever the number of entries. */
import type { ExternalSecret, LeaseStatus } from '../../api/externalsecret.ts';
import { mapLimited } from '../../lib/limited.ts';
import { isSecretNotFound, ProviderError } from '../../provider/errors.ts';
import type { FindQuery, RemoteRef, SecretMap } from '../../provider/provider.ts';
import { executeReads, planReads } from '../../provider/readplan.ts';
import { type Answer, assemble, unanswered, usesTransform } from './assemble.ts';
import type { ExternalSecretDeps } from './deps.ts';
import { type Entry, entriesOf } from './entries.ts';
import { readingEntry } from './entryerror.ts';
import { leasesOf, type ReadSecret } from './lease.ts';
import { OpenClients } from './openclients.ts';
import type { Redact } from './rewriting.ts';

type FetchDeps = Pick<ExternalSecretDeps, 'stores' | 'clients' | 'reads' | 'generators' | 'engines' | 'recorder'>;

export interface FetchOptions {
  /** A person asked for this refresh: what was read a moment ago for others is not good enough. */
  readonly isForced: boolean;
  readonly signal: AbortSignal;
  /** Learns every value as it is read, so that no later error can quote it. */
  readonly learn: Redact;
}

export interface FetchedData {
  readonly values: SecretMap;
  /** Of values that a dynamic engine made. */
  readonly leases: readonly LeaseStatus[];
}

/** @throws ProviderError, TerminalError or WaitError whose message names the entry */
export async function fetchSecretData(
  deps: FetchDeps,
  externalSecret: ExternalSecret,
  options: FetchOptions,
): Promise<FetchedData> {
  const entries = entriesOf(externalSecret);
  using clients = new OpenClients(deps, externalSecret.metadata.namespace);
  await clients.open(entries, options.signal);
  const answers = await readAll(deps, externalSecret, entries, clients, options);
  const transforms = usesTransform(entries) ? (await deps.engines()).transforms : undefined;
  const values = assemble(deps, externalSecret, entries, answers, { learn: options.learn, transforms });
  return { values, leases: leasesOf(readSecrets(entries, answers)) };
}

function readSecrets(entries: readonly Entry[], answers: readonly Answer[]): readonly ReadSecret[] {
  return entries.flatMap((entry, index) => {
    const answer = answers[index];
    if (!('ref' in entry) || answer === undefined || answer instanceof Map || answer instanceof ProviderError)
      return [];
    return [{ key: entry.ref.key, secret: answer }];
  });
}

/** All reads of the plan, all finds and all generators; generators run once for each reference. */
async function readAll(
  deps: FetchDeps,
  externalSecret: ExternalSecret,
  entries: readonly Entry[],
  clients: OpenClients,
  options: FetchOptions,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const reads = entries.flatMap((entry, index) =>
    entry.kind === 'value' || entry.kind === 'map'
      ? [{ index, client: clients.of(entry.store), ref: remoteRefOf(entry.ref) }]
      : [],
  );
  const { isForced, signal } = options;
  const read = await executeReads(planReads(reads), { reads: deps.reads, isForced, signal });
  for (const [position, { index }] of reads.entries()) answers[index] = read[position] ?? unanswered();
  const generated = new Map<string, Promise<SecretMap>>();
  const others = [...entries.entries()].filter(([, entry]) => entry.kind !== 'value' && entry.kind !== 'map');
  await mapLimited(others, 4, async ([index, entry]) => {
    answers[index] = await readOther(deps, externalSecret, entry, clients, generated, signal);
  });
  return answers;
}

async function readOther(
  deps: FetchDeps,
  externalSecret: ExternalSecret,
  entry: Entry,
  clients: OpenClients,
  generated: Map<string, Promise<SecretMap>>,
  signal: AbortSignal,
): Promise<Answer> {
  return readingEntry(entry, async () => {
    if (entry.kind === 'find') {
      const client = clients.of(entry.store);
      if (client.find === undefined) throw new ProviderError('invalid', "the store's provider has no find");
      return orNotFound(client.find(findQueryOf(entry.find), signal));
    }
    if (!('generator' in entry)) return unanswered();
    const id = `${entry.generator.kind}/${entry.generator.name}`;
    const making =
      generated.get(id) ?? deps.generators.generate(entry.generator, externalSecret.metadata.namespace, signal);
    generated.set(id, making);
    return making;
  });
}

/** A store that finds nothing may say so by an error. */
async function orNotFound(finding: Promise<SecretMap>): Promise<Answer> {
  try {
    return await finding;
  } catch (error) {
    if (isSecretNotFound(error)) return error;
    throw error;
  }
}

function remoteRefOf(ref: {
  readonly key: string;
  readonly version?: string | undefined;
  readonly metadataPolicy?: 'None' | 'Fetch' | undefined;
}): RemoteRef {
  const { key, version, metadataPolicy } = ref;
  return {
    key,
    ...(version !== undefined && version !== '' && { version }),
    ...(metadataPolicy !== undefined && { metadataPolicy }),
  };
}

function findQueryOf(find: Extract<Entry, { kind: 'find' }>['find']): FindQuery {
  const { path, name, tags, conversionStrategy } = find;
  return {
    ...(path !== undefined && { path }),
    ...(name?.regexp !== undefined && { nameRegexp: name.regexp }),
    ...(tags !== undefined && { tags }),
    ...(conversionStrategy !== undefined && { conversionStrategy }),
  };
}
