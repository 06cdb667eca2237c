/** `find`: which secrets are meant, and their values. */
import type { Filter, SecretListEntry } from '@aws-sdk/client-secrets-manager';
import { isSecretNotFound, ProviderError } from '../../../provider/errors.ts';
import { nameMatcher } from '../../../provider/namematcher.ts';
import type { FindQuery, SecretMap } from '../../../provider/provider.ts';
import { hasTags, tagsOf } from '../tags.ts';
import type { SecretsManagerApi } from './api.ts';
import type { SecretReader } from './reader.ts';

/** The most that ListSecrets takes. */
const maxFilters = 10;

/**
 * Secrets that match name, tags and path, the beginning of names. Names are as AWS has them, prefix and all.
 * @throws ProviderError, also when a single one of them cannot be read
 */
export async function findSecrets(
  api: SecretsManagerApi,
  reader: SecretReader,
  query: FindQuery,
  signal: AbortSignal,
): Promise<SecretMap> {
  if (query.nameRegexp === undefined && query.tags === undefined)
    throw new ProviderError('invalid', 'find needs a name or tags');
  const isWanted = matcherOf(query);
  const refs: { readonly key: string }[] = [];
  for await (const entry of api.listSecrets(filtersOf(query), signal))
    if (entry.Name !== undefined && isWanted(entry)) refs.push({ key: entry.Name });
  const answers = await reader.readMany(refs, signal);
  const found: SecretMap = new Map();
  for (const ref of refs) {
    const answer = answers.get(reader.readKey(ref));
    // Deleted since it was listed, or without any value yet.
    if (answer === undefined || isSecretNotFound(answer)) continue;
    if (answer instanceof ProviderError) throw answer;
    found.set(ref.key, answer.value(undefined));
  }
  return found;
}

function matcherOf({ nameRegexp, path = '', tags = {} }: FindQuery): (entry: SecretListEntry) => boolean {
  const matches = nameMatcher(nameRegexp);
  return ({ Name = '', Tags }) => matches(Name) && Name.startsWith(path) && hasTags(tagsOf(Tags), tags);
}

/** As far as AWS can choose: it looks at beginnings, and takes keys and values of tags for two different things. */
function filtersOf({ path, tags = {} }: FindQuery): Filter[] {
  const filters = [
    ...(path ? [{ Key: 'name' as const, Values: [path] }] : []),
    ...Object.keys(tags).map((key) => ({ Key: 'tag-key' as const, Values: [key] })),
    ...Object.values(tags).map((value) => ({ Key: 'tag-value' as const, Values: [value] })),
  ];
  // A leading `!` would turn a filter round.
  return filters.filter(({ Values: [value = ''] }) => value !== '' && !value.startsWith('!')).slice(0, maxFilters);
}
