/** `find`: which parameters are meant, and their values. */
import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import { isSecretNotFound, ProviderError } from '../../../provider/errors.ts';
import { nameMatcher } from '../../../provider/namematcher.ts';
import type { FindQuery, SecretMap } from '../../../provider/provider.ts';
import { isAccessDenied } from '../errors.ts';
import type { ParameterStoreApi } from './api.ts';
import type { ParameterReader } from './reader.ts';

/**
 * Parameters that match name and tags below a path. Names are as AWS has them, prefix and all.
 * @throws ProviderError, also when a single one of them cannot be read
 */
export async function findParameters(
  api: ParameterStoreApi,
  reader: ParameterReader,
  query: FindQuery,
  signal: AbortSignal,
): Promise<SecretMap> {
  if (query.nameRegexp === undefined && query.tags === undefined)
    throw new ProviderError('invalid', 'find needs a name or tags');
  // Only descriptions can be chosen by tags; values come along with paths.
  if (query.tags !== undefined) return byDescription(api, reader, query, signal);
  try {
    return await byPath(api, query, signal);
  } catch (error) {
    if (!isAccessDenied(error)) throw error;
    return byDescription(api, reader, query, signal);
  }
}

async function byPath(api: ParameterStoreApi, query: FindQuery, signal: AbortSignal): Promise<SecretMap> {
  const isWanted = nameMatcher(query.nameRegexp);
  const found: SecretMap = new Map();
  for await (const { Name: name, Value: value } of api.getParametersByPath(query.path || '/', signal))
    if (name !== undefined && value !== undefined && isWanted(name)) found.set(name, Buffer.from(value));
  return found;
}

async function byDescription(
  api: ParameterStoreApi,
  reader: ParameterReader,
  query: FindQuery,
  signal: AbortSignal,
): Promise<SecretMap> {
  const isWanted = nameMatcher(query.nameRegexp);
  const refs: { readonly key: string }[] = [];
  for await (const { Name: name } of api.describeParameters(filtersOf(query), signal))
    if (name !== undefined && isWanted(name)) refs.push({ key: name });
  const answers = await reader.readMany(refs, signal);
  const found: SecretMap = new Map();
  for (const ref of refs) {
    const answer = answers.get(reader.readKey(ref));
    // Deleted since it was described.
    if (answer === undefined || isSecretNotFound(answer)) continue;
    if (answer instanceof ProviderError) throw answer;
    found.set(ref.key, answer.value(undefined));
  }
  return found;
}

function filtersOf({ path, tags = {} }: FindQuery): ParameterStringFilter[] {
  return [
    ...(path ? [{ Key: 'Path', Option: 'Recursive', Values: [path] }] : []),
    ...Object.entries(tags).map(([key, value]) => ({ Key: `tag:${key}`, Option: 'Equals', Values: [value] })),
  ];
}
