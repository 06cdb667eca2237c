/** Asks the API server who holds a token and whether they may read a path that is no resource. */
import type { KubeObject } from '../api/object.ts';
import type { Resource } from '../api/resource.ts';
import type { KubeClient, RequestOptions } from './client.ts';

interface UserInfo {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

interface TokenReview extends KubeObject {
  readonly spec: { readonly token: string };
  readonly status?: { readonly authenticated?: boolean; readonly user?: UserInfo };
}

interface SubjectAccessReview extends KubeObject {
  readonly spec: {
    readonly user?: string;
    readonly uid?: string;
    readonly groups?: readonly string[];
    readonly extra?: UserInfo['extra'];
    readonly nonResourceAttributes: { readonly path: string; readonly verb: string };
  };
  readonly status?: { readonly allowed: boolean };
}

const tokenReviews: Resource<TokenReview> = {
  group: 'authentication.k8s.io',
  version: 'v1',
  plural: 'tokenreviews',
  kind: 'TokenReview',
  namespaced: false,
};

const subjectAccessReviews: Resource<SubjectAccessReview> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'subjectaccessreviews',
  kind: 'SubjectAccessReview',
  namespaced: false,
};

export type AccessVerdict = 'allowed' | 'unauthenticated' | 'forbidden';

/** Whether the holder of the token may `get` the path. @throws as `KubeClient` */
export async function reviewPathAccess(
  kube: Pick<KubeClient, 'submit'>,
  token: string,
  path: string,
  options: RequestOptions = {},
): Promise<AccessVerdict> {
  const review = await kube.submit(tokenReviews, { metadata: {}, spec: { token } }, options);
  const user = review.status?.user;
  if (review.status?.authenticated !== true || user === undefined) return 'unauthenticated';
  const { username, uid, groups, extra } = user;
  const spec = {
    ...(username !== undefined && { user: username }),
    ...(uid !== undefined && { uid }),
    ...(groups !== undefined && { groups }),
    ...(extra !== undefined && { extra }),
    nonResourceAttributes: { path, verb: 'get' },
  };
  const access = await kube.submit(subjectAccessReviews, { metadata: {}, spec }, options);
  return access.status?.allowed === true ? 'allowed' : 'forbidden';
}
