/** Finding secrets in a KV engine, which can only be listed folder by folder. */
import { mapLimited } from '../../lib/limited.ts';
import { ProviderError } from '../../provider/errors.ts';
import { nameMatcher } from '../../provider/namematcher.ts';
import type { FindQuery, SecretMap } from '../../provider/provider.ts';
import { orAbsent } from './api.ts';
import type { KvEngine } from './kvengine.ts';
import { type KvLocation, keyOf, locate } from './kvpath.ts';
import { SecretValue } from './secretvalue.ts';

/** Requests of one `find` at the same time. */
const concurrency = 10;
/** Deeper folders are a mistake, or somebody's mischief. */
const deepest = 64;

interface Candidate {
  readonly key: string;
  readonly location: KvLocation;
}

/**
 * Secrets under `path` for which every given condition holds, by their keys; what is deleted is not there.
 * @throws ProviderError `invalid` for a query that the engine cannot answer
 */
export async function findSecrets(kv: KvEngine, query: FindQuery, signal: AbortSignal): Promise<SecretMap> {
  const { tags, nameRegexp } = query;
  if (tags !== undefined && !kv.isVersioned)
    throw new ProviderError('invalid', 'version v1 of the KV engine has no tags to find by');
  const matches = nameMatcher(nameRegexp);
  const locations = await listAll(kv, startOf(kv, query.path ?? ''), signal);
  const candidates = locations.map((location) => ({ key: keyOf(kv.place, location), location }));
  const found = await mapLimited(
    candidates.filter(({ key }) => matches(key)),
    concurrency,
    async (candidate) => {
      if (tags !== undefined && !(await hasTags(kv, candidate, tags, signal))) return [];
      return entryOf(kv, candidate, signal);
    },
  );
  return new Map(found.flat());
}

function startOf(kv: KvEngine, path: string): KvLocation {
  const start = locate(kv.place, path);
  if (start.mount === '')
    throw new ProviderError('invalid', 'find.path must begin with a mount, for the store has no path');
  return start;
}

async function listAll(kv: KvEngine, start: KvLocation, signal: AbortSignal): Promise<readonly KvLocation[]> {
  const { mount } = start;
  const secrets: KvLocation[] = [];
  let folders = [start.path === '' ? '' : `${start.path}/`];
  for (let depth = 0; folders.length > 0; depth += 1) {
    if (depth === deepest) throw new ProviderError('invalid', `folders are nested more than ${deepest} levels deep`);
    const lists = await mapLimited(folders, concurrency, async (folder) => {
      const names = await kv.list({ mount, path: folder }, signal);
      return names.map((name) => folder + name);
    });
    const paths = lists.flat();
    secrets.push(...paths.filter((path) => !path.endsWith('/')).map((path) => ({ mount, path })));
    folders = paths.filter((path) => path.endsWith('/'));
  }
  return secrets;
}

async function hasTags(
  kv: KvEngine,
  { location }: Candidate,
  tags: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<boolean> {
  const metadata = await orAbsent(kv.readMetadata(location, signal));
  return Object.entries(tags).every(([name, value]) => metadata?.custom.get(name) === value);
}

/** None for what was deleted, which is listed all the same. */
async function entryOf(
  kv: KvEngine,
  { key, location }: Candidate,
  signal: AbortSignal,
): Promise<readonly (readonly [string, Uint8Array])[]> {
  const secret = await orAbsent(kv.read(location, undefined, signal));
  return secret === undefined ? [] : [[key, new SecretValue({ key, ...secret }).value(undefined)]];
}
