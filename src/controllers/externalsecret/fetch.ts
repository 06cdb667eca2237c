/** Reads what an ExternalSecret asks for: one remote read for each distinct secret, then the entries in their order. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { SecretStoreRef } from '../../api/refs.ts';
import { mapLimited } from '../../lib/limited.ts';
import { isSecretNotFound, ProviderError } from '../../provider/errors.ts';
import type { ClientLease } from '../../provider/pooledclient.ts';
import type { FindQuery, RemoteRef, RemoteSecret, SecretMap, SecretsClient } from '../../provider/provider.ts';
import { executeReads, planReads } from '../../provider/readplan.ts';
import { TerminalError, toError, WaitError } from '../../runtime/errors.ts';
import type { ExternalSecretDeps } from './deps.ts';
import { type Entry, entriesOf } from './entries.ts';
import { treatMap, treatValue } from './keys.ts';
import type { TemplateEngine } from './render.ts';
import { type Redact, rewriteWith } from './rewriting.ts';
import { storeId } from './sources.ts';

type FetchDeps = Pick<ExternalSecretDeps, 'stores' | 'clients' | 'reads' | 'generators' | 'engines' | 'recorder'>;

export interface FetchOptions {
  /** A person asked for this refresh: what was read a moment ago for others is not good enough. */
  readonly isForced: boolean;
  readonly signal: AbortSignal;
  /** Learns every value as it is read, so that no later error can quote it. */
  readonly learn: Redact;
}

/** What was read for an entry, or why it could not be. */
type Answer = RemoteSecret | SecretMap | ProviderError;

/** @throws ProviderError, TerminalError or WaitError whose message names the entry */
export async function fetchSecretData(
  deps: FetchDeps,
  externalSecret: ExternalSecret,
  options: FetchOptions,
): Promise<SecretMap> {
  const entries = entriesOf(externalSecret);
  using clients = new OpenClients(deps, externalSecret.metadata.namespace);
  await clients.open(entries, options.signal);
  const answers = await readAll(deps, externalSecret, entries, clients, options);
  const transforms = usesTransform(entries) ? (await deps.engines()).transforms : undefined;
  return assemble(deps, externalSecret, entries, answers, { learn: options.learn, transforms });
}

/** The clients of one sync, by store; given back together. */
class OpenClients implements Disposable {
  readonly #deps: FetchDeps;
  readonly #namespace: string;
  readonly #leases = new Map<string, ClientLease>();

  constructor(deps: FetchDeps, namespace: string) {
    this.#deps = deps;
    this.#namespace = namespace;
  }

  async open(entries: readonly Entry[], signal: AbortSignal): Promise<void> {
    for (const entry of entries) {
      if (!('store' in entry) || this.#leases.has(storeId(entry.store))) continue;
      await inEntry(entry, async () =>
        this.#leases.set(storeId(entry.store), await this.#acquire(entry.store, signal)),
      );
    }
  }

  of(store: SecretStoreRef): SecretsClient {
    const lease = this.#leases.get(storeId(store));
    if (lease === undefined) throw new Error('the store of an entry was not opened');
    return lease.client;
  }

  #acquire(reference: SecretStoreRef, signal: AbortSignal): Promise<ClientLease> {
    const verdict = this.#deps.stores.resolve(reference, this.#namespace);
    if (!verdict.usable) throw new TerminalError('SecretSyncedError', verdict.message);
    return this.#deps.clients.acquire(verdict.store, this.#namespace, signal);
  }

  [Symbol.dispose](): void {
    for (const lease of this.#leases.values()) lease.release();
  }
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
  for (const [position, { index }] of reads.entries()) answers[index] = read[position] ?? unavailable();
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
  return inEntry(entry, async () => {
    if (entry.kind === 'find') {
      const client = clients.of(entry.store);
      if (client.find === undefined) throw new ProviderError('invalid', "the store's provider has no find");
      return orNotFound(client.find(findQueryOf(entry.find), signal));
    }
    if (!('generator' in entry)) return unavailable();
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

interface Picking {
  readonly learn: Redact;
  /** Present when an entry needs it. */
  readonly transforms: TemplateEngine | undefined;
}

function usesTransform(entries: readonly Entry[]): boolean {
  return entries.some((entry) => 'rewrite' in entry && entry.rewrite.some(({ transform }) => transform !== undefined));
}

/** Applies the entries in order: later keys win. */
function assemble(
  deps: FetchDeps,
  externalSecret: ExternalSecret,
  entries: readonly Entry[],
  answers: readonly Answer[],
  picking: Picking,
): SecretMap {
  const values: SecretMap = new Map();
  for (const [index, entry] of entries.entries()) {
    const part = inEntrySync(entry, () =>
      valuesOf(deps, entry, answers[index] ?? unavailable(), picking, externalSecret),
    );
    for (const [key, value] of part) values.set(key, value);
  }
  return values;
}

/** A missing secret counts as nothing unless the Secret has to be retained. */
function valuesOf(
  deps: FetchDeps,
  entry: Entry,
  answer: Answer,
  picking: Picking,
  externalSecret: ExternalSecret,
): SecretMap {
  try {
    if (answer instanceof ProviderError) throw answer;
    return pick(entry, answer, picking);
  } catch (error) {
    if (!isSecretNotFound(error) || externalSecret.spec.target.deletionPolicy === 'Retain') throw error;
    deps.recorder.normal(
      externalSecret,
      'MissingProviderSecret',
      `${entry.path}: the secret does not exist at the provider`,
    );
    return new Map();
  }
}

function pick(entry: Entry, answer: RemoteSecret | SecretMap, { learn, transforms }: Picking): SecretMap {
  switch (entry.kind) {
    case 'value': {
      const value = asRemote(answer).value(entry.ref.property);
      learn([value]);
      const treated = treatValue(entry.secretKey, value, entry.ref);
      learn([treated]);
      return new Map([[entry.secretKey, treated]]);
    }
    case 'generatedValue': {
      const generated = asMap(answer);
      learn(generated.values());
      return new Map([[entry.secretKey, treatValue(entry.secretKey, generatedValue(entry, generated), entry.ref)]]);
    }
    case 'map': {
      const map = asRemote(answer).map(entry.ref.property);
      learn(map.values());
      return treatMap(rewriteWith(transforms, entry.rewrite, map), entry.ref, entry.rewrite.length > 0);
    }
    case 'find': {
      const map = asMap(answer);
      learn(map.values());
      return treatMap(rewriteWith(transforms, entry.rewrite, map), entry.find, entry.rewrite.length > 0);
    }
    case 'generatedMap': {
      const map = asMap(answer);
      learn(map.values());
      return treatMap(rewriteWith(transforms, entry.rewrite, map), {}, true);
    }
  }
}

/** `data[].sourceRef.generatorRef`: the key of the generator's result is the property, or the remote key. */
function generatedValue(entry: Extract<Entry, { kind: 'generatedValue' }>, generated: SecretMap): Uint8Array {
  const key = entry.ref.property ?? entry.ref.key;
  const value = generated.get(key);
  if (value !== undefined) return value;
  const keys = [...generated.keys()].join(', ');
  throw new TerminalError(
    'SecretSyncedError',
    `generator "${entry.generator.name}" makes no key "${key}"; it makes: ${keys}`,
  );
}

function asMap(answer: RemoteSecret | SecretMap): SecretMap {
  if (answer instanceof Map) return answer;
  throw new Error('a single secret came where many were asked for');
}

function asRemote(answer: RemoteSecret | SecretMap): RemoteSecret {
  if (answer instanceof Map) throw new Error('many secrets came where one was asked for');
  return answer;
}

function unavailable(): ProviderError {
  return new ProviderError('unavailable', 'the provider gave no answer');
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

/** Says in which entry it happened; the error keeps its kind and with it its retry policy. */
async function inEntry<T>(entry: Entry, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw labelled(entry, error);
  }
}

function inEntrySync<T>(entry: Entry, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw labelled(entry, error);
  }
}

function labelled(entry: Entry, thrown: unknown): Error {
  const error = toError(thrown);
  const message = `error processing ${entry.path}: ${error.message}`;
  if (error instanceof ProviderError) {
    const { kind, retryAfterMs } = error;
    return new ProviderError(kind, message, { cause: error, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  }
  if (error instanceof WaitError) {
    return new WaitError(error.reason, message, { retryAfterMs: error.retryAfterMs, cause: error });
  }
  return new TerminalError('SecretSyncedError', message, { cause: error });
}
