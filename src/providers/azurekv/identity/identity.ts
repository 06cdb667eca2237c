/** Somebody who can log in to Azure. */
import type { Session } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { Cloud } from '../cloud.ts';
import type { Transport } from '../transport.ts';

export interface TokenRequest {
  readonly cloud: Cloud;
  readonly transport: Transport;
  /** Such as `https://vault.azure.net/.default`. */
  readonly scope: string;
  /** What a vault wants to see in the token after it refused one (continuous access evaluation). */
  readonly claims: string | undefined;
  readonly signal: AbortSignal;
}

export interface Identity {
  /** Everything that a token depends on but for cloud and scope, secrets as hashes. */
  readonly key: readonly string[];
  /** Absent for managed identities, which belong to one tenant. */
  readonly tenantId?: string;
  /** @throws ProviderError */
  requestToken(request: TokenRequest): Promise<Session<string>>;
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
