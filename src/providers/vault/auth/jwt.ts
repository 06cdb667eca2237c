/** JWT and OIDC: a token that Vault can check by the keys of who signed it. */
import type { ConnectContext } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { VaultAuth } from '../schema.ts';
import { type LoginMethod, loginPath } from './method.ts';
import { fingerprint, tokenText } from './secretvalue.ts';
import { type ServiceAccountTokens, serviceAccountTokens } from './serviceaccount.ts';

type JwtAuth = NonNullable<VaultAuth['jwt']>;

const defaultAudiences = ['vault'];

export async function jwtMethod(auth: JwtAuth, context: ConnectContext): Promise<LoginMethod> {
  const { path, role } = auth;
  const tokens = await tokensOf(auth, context);
  return {
    identity: ['jwt', path, role, ...tokens.identity],
    async request() {
      const jwt = await tokens.create();
      return { path: loginPath(path), body: role === undefined || role === '' ? { jwt } : { role, jwt } };
    },
  };
}

async function tokensOf(
  { secretRef, kubernetesServiceAccountToken, serviceAccountRef }: JwtAuth,
  context: ConnectContext,
): Promise<ServiceAccountTokens> {
  if (secretRef !== undefined) {
    const token = await tokenText(secretRef, context.objects);
    return { identity: ['token', fingerprint(token)], create: async () => token };
  }
  if (kubernetesServiceAccountToken !== undefined) {
    const {
      serviceAccountRef: selector,
      audiences = defaultAudiences,
      expirationSeconds,
    } = kubernetesServiceAccountToken;
    const all = [...audiences, ...(selector.audiences ?? [])];
    return serviceAccountTokens(selector, { audiences: all, expirationSeconds }, context);
  }
  if (serviceAccountRef !== undefined) {
    return serviceAccountTokens(
      serviceAccountRef,
      { audiences: serviceAccountRef.audiences ?? defaultAudiences },
      context,
    );
  }
  throw new ProviderError(
    'invalid',
    'auth.jwt needs a secretRef, a kubernetesServiceAccountToken or a serviceAccountRef',
  );
}
