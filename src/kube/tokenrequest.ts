/** Tokens of ServiceAccounts by the TokenRequest API. */
import type { KubeObject, ObjectName } from '../api/object.ts';
import type { Resource } from '../api/resource.ts';
import type { KubeClient, RequestOptions } from './client.ts';

interface TokenRequest extends KubeObject {
  readonly spec: { readonly audiences: readonly string[]; readonly expirationSeconds: number };
  readonly status?: { readonly token: string; readonly expirationTimestamp: string };
}

/** POSTed below a ServiceAccount, so the plural is that of its parent. */
const tokenRequests: Resource<TokenRequest> = {
  group: '',
  version: 'v1',
  plural: 'serviceaccounts',
  kind: 'TokenRequest',
  namespaced: true,
};

export interface TokenOptions extends RequestOptions {
  /** Empty: the API server's own. */
  readonly audiences: readonly string[];
  /** The server may shorten or lengthen it; at least 600. */
  readonly expirationSeconds: number;
}

export interface ServiceAccountToken {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
}

/** @throws ApiError `isNotFound` when there is no such ServiceAccount */
export async function requestToken(
  kube: KubeClient,
  serviceAccount: ObjectName,
  options: TokenOptions,
): Promise<ServiceAccountToken> {
  const { audiences, expirationSeconds, ...requestOptions } = options;
  const request = { apiVersion: 'authentication.k8s.io/v1', metadata: {}, spec: { audiences, expirationSeconds } };
  const submitOptions = { ...requestOptions, parent: serviceAccount, subresource: 'token' };
  const { status } = await kube.submit(tokenRequests, request, submitOptions);
  if (status === undefined) throw new Error('the API server answered a token request without a token');
  return { token: status.token, expiresAtMs: Date.parse(status.expirationTimestamp) };
}
