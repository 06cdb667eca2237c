/** The session tags that a role is assumed with. */
import type { StoreIdentity } from '../../../provider/context.ts';
import type { AwsSpec } from '../schema.ts';

/**
 * Tags that say which store asks stand above those that somebody wrote; empty custom ones are left out, as in ESO 2.9.
 * @param namespace the store's, or for a ClusterSecretStore that of the object which is being synced
 */
export function sessionTags(
  spec: AwsSpec,
  store: StoreIdentity,
  namespace: () => string | undefined,
): Map<string, string> {
  const { sessionTagsPolicy, sessionTags: given = [], customSessionTags = {} } = spec;
  const custom = sessionTagsPolicy === 'Custom' ? Object.entries(customSessionTags) : [];
  const tags = new Map(custom.filter(([key, value]) => key !== '' && value !== ''));
  for (const { key, value } of given) tags.set(key, value);
  if (sessionTagsPolicy === 'None') return tags;
  return tags
    .set('esoNamespace', namespace() ?? '')
    .set('esoStoreName', store.name)
    .set('esoStoreKind', store.kind);
}

/** Whether the tags of a store are different for each namespace that it is used from. */
export function tagsNeedNamespace({ sessionTagsPolicy, role }: AwsSpec): boolean {
  return sessionTagsPolicy !== 'None' && (role ?? '') !== '';
}
