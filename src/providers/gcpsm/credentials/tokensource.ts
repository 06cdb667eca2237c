/** From a store's `auth` to tokens. */
import { type ConnectContext, type ObjectSelector } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { GcpAuth } from '../schema.ts';
import type { TokenServices, TokenSource } from './accesstokens.ts';
import { defaultTokens } from './defaultcredentials.ts';
import { federatedTokens } from './federation.ts';
import { parseServiceAccountKey, serviceAccountKeyTokens } from './serviceaccountkey.ts';
import { workloadIdentityTokens } from './workloadidentity.ts';

/**
 * The first that is set of key, workload identity and federation; application default credentials otherwise.
 * @throws ProviderError `invalid` when something that `auth` names is missing or is not what it should be
 */
export async function tokenSourceOf(
  auth: GcpAuth,
  services: TokenServices,
  context: ConnectContext,
): Promise<TokenSource> {
  const { secretRef, workloadIdentity, workloadIdentityFederation } = auth;
  if (secretRef !== undefined) return keyTokens(secretRef, services, context);
  if (workloadIdentity !== undefined) return workloadIdentityTokens(workloadIdentity, services, context);
  if (workloadIdentityFederation !== undefined) return federatedTokens(workloadIdentityFederation, services, context);
  return defaultTokens(services, context.settings.environment);
}

/** Everything that the credentials are looked up by. */
export function selectorsOf({ secretRef, workloadIdentity, workloadIdentityFederation }: GcpAuth): ObjectSelector[] {
  const { serviceAccountRef, credConfig, awsSecurityCredentials } = workloadIdentityFederation ?? {};
  const selectors = [
    secretRef?.secretAccessKeySecretRef,
    workloadIdentity?.serviceAccountRef,
    serviceAccountRef,
    credConfig,
    awsSecurityCredentials?.awsCredentialsSecretRef,
  ];
  return selectors.filter((selector) => selector !== undefined);
}

async function keyTokens(
  { secretAccessKeySecretRef: selector }: NonNullable<GcpAuth['secretRef']>,
  services: TokenServices,
  { objects }: ConnectContext,
): Promise<TokenSource> {
  if (selector === undefined) throw new ProviderError('invalid', 'auth.secretRef names no Secret');
  const json = Buffer.from(await objects.secretKey(selector)).toString('utf8');
  return serviceAccountKeyTokens(parseServiceAccountKey(json, `the key in Secret ${selector.name}`), services);
}
