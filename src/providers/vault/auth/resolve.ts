/** From a store's `auth` to the way to log in. */
import type { ConnectContext } from '../../../provider/context.ts';
import type { VaultAuth } from '../schema.ts';
import type { TlsMaterial } from '../transport.ts';
import { appRoleMethod } from './approle.ts';
import { certMethod } from './cert.ts';
import { jwtMethod } from './jwt.ts';
import { kubernetesMethod } from './kubernetes.ts';
import type { Authentication, LoginMethod } from './method.ts';
import { passwordMethod } from './password.ts';
import { tokenText } from './secretvalue.ts';

/** @throws ProviderError `invalid` when something that `auth` names is missing */
export async function authenticationOf(
  auth: VaultAuth,
  tls: TlsMaterial,
  context: ConnectContext,
): Promise<Authentication> {
  if (auth.tokenSecretRef !== undefined)
    return { kind: 'token', token: await tokenText(auth.tokenSecretRef, context.objects) };
  const method = await methodOf(auth, tls, context);
  return method === undefined ? { kind: 'anonymous' } : { kind: 'login', method };
}

/** In ESO's order. What only few need, and what drags an SDK along, is loaded here and not before. */
async function methodOf(
  { appRole, kubernetes, ldap, userPass, jwt, cert, iam, gcp }: VaultAuth,
  tls: TlsMaterial,
  context: ConnectContext,
): Promise<LoginMethod | undefined> {
  if (appRole !== undefined) return appRoleMethod(appRole, context);
  if (kubernetes !== undefined) return kubernetesMethod(kubernetes, context);
  if (ldap !== undefined) return passwordMethod(ldap, context);
  if (userPass !== undefined) return passwordMethod(userPass, context);
  if (jwt !== undefined) return jwtMethod(jwt, context);
  if (cert !== undefined) return certMethod(cert, tls);
  if (iam !== undefined) return (await import('./iam.ts')).iamMethod(iam, context);
  if (gcp !== undefined) return (await import('./gcp.ts')).gcpMethod(gcp, context);
  return undefined;
}
