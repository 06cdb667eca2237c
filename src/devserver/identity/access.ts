/** Who may do what. Without a policy, everybody may do everything: roles are stored, not enforced. */
import type { Catalog } from '../catalog.ts';
import { forbidden } from '../status.ts';
import type { User } from './user.ts';

export interface AccessRequest {
  readonly user: User;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  /** Undefined: all namespaces, or cluster scope. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Whether a request is allowed. */
export type AccessPolicy = (request: AccessRequest) => boolean;

export const allowEverything: AccessPolicy = () => true;

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** @throws StatusError 403 in the words of RBAC */
export function expectAllowed(policy: AccessPolicy, request: AccessRequest): void {
  if (policy(request)) return;
  const { user, verb, group, resource, subresource, namespace, name = '' } = request;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const why = `User "${user.username}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`;
  throw forbidden({ group, plural: resource, kind: '' }, name, why);
}

/** What the policy allows a user in a namespace, as rules. */
export function rulesOf(policy: AccessPolicy, user: User, namespace: string, catalog: Catalog): readonly object[] {
  if (policy === allowEverything) return [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
  return catalog.kinds().flatMap(({ group, plural: resource }) => {
    const allowed = verbs.filter((verb) => policy({ user, verb, group, resource, namespace }));
    return allowed.length === 0 ? [] : [{ verbs: allowed, apiGroups: [group], resources: [resource] }];
  });
}
