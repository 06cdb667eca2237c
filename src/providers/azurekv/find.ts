/** `find`: which secrets of a vault are meant, and their values. */
import type { SecretProperties } from '@azure/keyvault-secrets';
import { mapLimited } from '../../lib/limited.ts';
import type { ApiCaller } from '../../provider/context.ts';
import { nameMatcher } from '../../provider/namematcher.ts';
import type { FindQuery, SecretMap } from '../../provider/provider.ts';
import { ifThere } from './ifthere.ts';
import { SecretValue } from './objects/secret.ts';
import { SecretPages } from './secretpages.ts';
import type { Vault } from './vault.ts';

/** Key Vault itself allows some 4,000 reads in 10 s; this many at once stay far below. */
const concurrency = 8;

/**
 * Enabled secrets that match name and tags; `path` means nothing to a vault. Names are as the vault has them.
 * @throws ProviderError
 */
export async function findSecrets(
  vault: Vault,
  call: ApiCaller,
  query: FindQuery,
  signal: AbortSignal,
): Promise<SecretMap> {
  const isWanted = matcherOf(query);
  const listed = await listSecrets(vault, call, signal);
  const names = listed.filter(isWanted).map(({ name }) => name);
  const read = (name: string): Promise<Uint8Array | undefined> => readIfThere(vault, call, name, signal);
  const values = await mapLimited(names, concurrency, async (name) => [name, await read(name)] as const);
  return new Map(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

function matcherOf({ nameRegexp, tags = {} }: FindQuery): (secret: SecretProperties) => boolean {
  const matches = nameMatcher(nameRegexp);
  const wanted = Object.entries(tags);
  return ({ name, enabled, tags: present = {} }) =>
    enabled !== false && matches(name) && wanted.every(([key, value]) => present[key] === value);
}

async function listSecrets(vault: Vault, call: ApiCaller, signal: AbortSignal): Promise<readonly SecretProperties[]> {
  const pages = new SecretPages(vault);
  const byName = new Map<string, SecretProperties>();
  for (;;) {
    const page = await call('GetSecrets', (limit) => pages.next(limit), signal);
    if (page === undefined) return [...byName.values()];
    for (const secret of page) byName.set(secret.name, secret);
  }
}

/** Undefined for a secret that was deleted since it was listed. */
async function readIfThere(
  vault: Vault,
  call: ApiCaller,
  name: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const reading = call('GetSecret', (limit) => vault.secrets.getSecret(name, { abortSignal: limit }), signal);
  const secret = await ifThere(reading);
  return secret === undefined ? undefined : new SecretValue(secret).value(undefined);
}
