/** Somebody who can log in to Entra ID. */
import type * as sdk from '@azure/identity';
import { ProviderError } from '../../../provider/errors.ts';
import type { ClientOptions } from '../transport.ts';

export type IdentitySdk = typeof sdk;

export interface CredentialOptions extends ClientOptions {
  readonly authorityHost: string;
  /** Authority hosts come from Azure's list, the store or the administrator: nobody else has to vouch for them. */
  readonly disableInstanceDiscovery: true;
}

export interface Identity {
  /** Everything that a token depends on but for cloud and scope, secrets as hashes. */
  readonly key: readonly string[];
  /** Absent for managed identities, which belong to one tenant. */
  readonly tenantId?: string;
  /**
   * Makes the SDK's credential, for one token: the SDK's own cache would hand out tokens that were refused already.
   * @throws ProviderError when the cluster does not give what it needs
   */
  open(sdk: IdentitySdk, options: CredentialOptions): Promise<sdk.TokenCredential>;
}

/** @throws ProviderError `invalid` when there is none, or it can be no tenant's id or domain */
export function requireTenant(tenantId: string | undefined): string {
  if (tenantId === undefined || tenantId === '') throw new ProviderError('invalid', 'the store names no tenantId');
  if (/^[0-9a-zA-Z.-]+$/.test(tenantId)) return tenantId;
  throw new ProviderError('invalid', 'tenantId is neither the id nor a domain of a tenant');
}

/** @throws ProviderError `invalid` */
export function requireClient(clientId: string | undefined, where: string): string {
  if (clientId === undefined || clientId === '') throw new ProviderError('invalid', `${where} names no client id`);
  return clientId;
}
