/** Whether the credentials may read Secrets: asked in the way that needs the least rights. */
import type { KubeClient } from '../../kube/client.ts';
import {
  type SelfSubjectRulesReview,
  selfSubjectAccessReviews,
  selfSubjectRulesReviews,
} from '../../kube/resources.ts';
import type { ApiCaller } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';

/** @throws ProviderError `denied` when Secrets of the namespace cannot be read */
export async function proveAccess(
  kube: KubeClient,
  namespace: string,
  call: ApiCaller,
  signal: AbortSignal,
): Promise<void> {
  const rules = await call(
    'CreateSelfSubjectRulesReview',
    (limit) => {
      return kube.submit(selfSubjectRulesReviews, { metadata: {}, spec: { namespace } }, { signal: limit });
    },
    signal,
  );
  if (allowsReading(rules)) return;
  // Authorizers that do not list their rules answer a direct question.
  const access = await call(
    'CreateSelfSubjectAccessReview',
    (limit) => {
      const resourceAttributes = { namespace, verb: 'get', group: '', resource: 'secrets' };
      return kube.submit(selfSubjectAccessReviews, { metadata: {}, spec: { resourceAttributes } }, { signal: limit });
    },
    signal,
  );
  if (access.status?.allowed === true) return;
  throw new ProviderError('denied', `the credentials may not get secrets in namespace ${namespace}`);
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
