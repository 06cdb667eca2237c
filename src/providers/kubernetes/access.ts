/** Whether the credentials may read Secrets: asked in the way that needs the least rights. */
import type { KubeClient } from '../../kube/client.ts';
import { isForbidden } from '../../kube/errors.ts';
import {
  type SelfSubjectRulesReview,
  selfSubjectAccessReviews,
  selfSubjectRulesReviews,
} from '../../kube/resources.ts';
import type { ApiCaller } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { ValidationResult } from '../../provider/provider.ts';

/**
 * `unknown` when the credentials are good but may not even ask what they may do.
 * @throws ProviderError `denied` when Secrets of the namespace cannot be read, or the credentials are refused
 */
export async function proveAccess(
  kube: KubeClient,
  namespace: string,
  call: ApiCaller,
  signal: AbortSignal,
): Promise<ValidationResult> {
  const review = { metadata: {}, spec: { namespace } };
  const rules = await call(
    'CreateSelfSubjectRulesReview',
    (limit) => unlessForbidden(kube.submit(selfSubjectRulesReviews, review, { signal: limit })),
    signal,
  );
  if (rules !== undefined && allowsReading(rules)) return 'ready';
  // Authorizers that do not list their rules answer a direct question.
  const question = {
    metadata: {},
    spec: { resourceAttributes: { namespace, verb: 'get', group: '', resource: 'secrets' } },
  };
  const access = await call(
    'CreateSelfSubjectAccessReview',
    (limit) => unlessForbidden(kube.submit(selfSubjectAccessReviews, question, { signal: limit })),
    signal,
  );
  if (access === undefined) return 'unknown';
  if (access.status?.allowed === true) return 'ready';
  throw new ProviderError('denied', `the credentials may not get secrets in namespace ${namespace}`);
}

/** Undefined when the question is forbidden; that there is no token to ask with is another matter, and thrown. */
async function unlessForbidden<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function allowsReading({ status }: SelfSubjectRulesReview): boolean {
  return (status?.resourceRules ?? []).some(({ verbs, apiGroups = [''], resources = [], resourceNames = [] }) => {
    const includes = (values: readonly string[], wanted: string): boolean =>
      values.includes(wanted) || values.includes('*');
    return (
      includes(resources, 'secrets') && includes(verbs, 'get') && includes(apiGroups, '') && resourceNames.length === 0
    );
  });
}
