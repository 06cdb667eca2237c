/** Kubernetes: a ServiceAccount's token that Vault has its cluster check. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serviceAccountFolder } from '../../../kube/incluster.ts';
import type { ConnectContext } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { VaultAuth } from '../schema.ts';
import { type LoginMethod, loginPath } from './method.ts';
import { fingerprint, tokenText } from './secretvalue.ts';
import { type ServiceAccountTokens, serviceAccountTokens } from './serviceaccount.ts';

type KubernetesAuth = NonNullable<VaultAuth['kubernetes']>;

/** @param podFolder where the kubelet puts the operator's own account */
export async function kubernetesMethod(
  auth: KubernetesAuth,
  context: ConnectContext,
  podFolder = serviceAccountFolder,
): Promise<LoginMethod> {
  const { mountPath, role, serviceAccountRef, secretRef } = auth;
  const isPod = serviceAccountRef === undefined && secretRef === undefined;
  const tokens = isPod ? podTokens(join(podFolder, 'token')) : await tokensOf(auth, context);
  return {
    identity: ['kubernetes', mountPath, role, ...tokens.identity],
    request: async () => ({ path: loginPath(mountPath), body: { role, jwt: await tokens.create() } }),
  };
}

async function tokensOf(
  { serviceAccountRef, secretRef }: KubernetesAuth,
  context: ConnectContext,
): Promise<ServiceAccountTokens> {
  if (serviceAccountRef !== undefined)
    return serviceAccountTokens(serviceAccountRef, { audiences: serviceAccountRef.audiences ?? [] }, context);
  const token = await tokenText({ key: 'token', ...secretRef }, context.objects);
  return { identity: ['token', fingerprint(token)], create: async () => token };
}

/** The operator's own ServiceAccount. The kubelet renews the file, so it is read for each login. */
function podTokens(file: string): ServiceAccountTokens {
  return {
    identity: ['pod', file],
    async create() {
      try {
        return (await readFile(file, 'utf8')).trim();
      } catch (cause) {
        throw new ProviderError('invalid', `the operator has no ServiceAccount: ${file} cannot be read`, { cause });
      }
    },
  };
}
