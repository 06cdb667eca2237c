/** Tokens, and the leases that end with them. */
import { randomBytes } from 'node:crypto';
import { absent, denied, VaultFault } from './vault-wire.ts';

export interface TokenOptions {
  readonly policies: readonly string[];
  /** 0: never ends. */
  readonly ttlSeconds: number;
  /** Not even renewals go beyond this from the making on. Default 768 hours, as a new Vault's. */
  readonly maxTtlSeconds?: number;
  readonly renewable?: boolean;
  readonly type?: 'service' | 'batch';
  readonly namespace: string;
  /** Where it was got, such as `auth/userpass`. */
  readonly origin?: string;
}

export interface IssuedToken extends Required<Omit<TokenOptions, 'origin'>>, Pick<TokenOptions, 'origin'> {
  readonly id: string;
  readonly issuedAtMs: number;
  expiresAtMs: number;
}

export interface IssuedLease {
  readonly id: string;
  readonly token: string;
  readonly expiresAtMs: number;
  readonly revoke: () => void;
}

const defaultMaxTtlSeconds = 768 * 3_600;

export class Tokens {
  readonly issued = new Map<string, IssuedToken>();
  readonly leases = new Map<string, IssuedLease>();

  constructor(rootToken: string) {
    this.#keep(rootToken, { policies: ['root'], ttlSeconds: 0, renewable: false, namespace: '' });
  }

  issue(options: TokenOptions): IssuedToken {
    const prefix = options.type === 'batch' ? 'hvb.' : 'hvs.';
    return this.#keep(prefix + randomBytes(18).toString('base64url'), options);
  }

  /** @throws VaultFault 403 for a token that is not, or not any more */
  find(id: string): IssuedToken {
    const token = this.issued.get(id);
    if (token === undefined) throw denied();
    if (token.expiresAtMs > Date.now()) return token;
    this.revoke(id);
    throw denied();
  }

  renew(id: string, incrementSeconds: number): IssuedToken {
    const token = this.find(id);
    if (!token.renewable) throw new VaultFault(400, 'lease is not renewable');
    const latestMs = token.issuedAtMs + token.maxTtlSeconds * 1_000;
    token.expiresAtMs = Math.min(latestMs, Date.now() + (incrementSeconds || token.ttlSeconds) * 1_000);
    return token;
  }

  revoke(id: string): void {
    this.issued.delete(id);
    for (const lease of this.leases.values()) if (lease.token === id) this.revokeLease(lease.id);
  }

  /** Tokens, or leases, that were got under a path. */
  revokePrefix(prefix: string): void {
    for (const { id, origin = '' } of this.issued.values()) if (`${origin}/`.startsWith(prefix)) this.revoke(id);
    for (const id of this.leases.keys()) if (id.startsWith(prefix)) this.revokeLease(id);
  }

  lease(id: string, token: string, seconds: number, revoke: () => void): void {
    this.leases.set(id, { id, token, expiresAtMs: Date.now() + seconds * 1_000, revoke });
  }

  /** @throws VaultFault */
  revokeLease(id: string): void {
    const lease = this.leases.get(id);
    if (lease === undefined) throw absent();
    this.leases.delete(id);
    lease.revoke();
  }

  #keep(id: string, options: TokenOptions): IssuedToken {
    const { ttlSeconds, maxTtlSeconds = defaultMaxTtlSeconds, type = 'service' } = options;
    const renewable = (options.renewable ?? true) && type === 'service' && ttlSeconds > 0;
    const issuedAtMs = Date.now();
    const expiresAtMs = ttlSeconds === 0 ? Number.POSITIVE_INFINITY : issuedAtMs + ttlSeconds * 1_000;
    const token = { ...options, id, maxTtlSeconds, type, renewable, issuedAtMs, expiresAtMs };
    this.issued.set(id, token);
    return token;
  }
}

export function remainingSeconds({ expiresAtMs }: Pick<IssuedToken, 'expiresAtMs'>): number {
  return Number.isFinite(expiresAtMs) ? Math.max(0, Math.round((expiresAtMs - Date.now()) / 1_000)) : 0;
}

/** The `auth` of an answer to a login or a renewal. */
export function authOf(token: IssuedToken): object {
  return {
    client_token: token.id,
    accessor: token.type === 'batch' ? '' : `accessor-of-${token.issuedAtMs}`,
    policies: token.policies,
    token_policies: token.policies,
    metadata: null,
    lease_duration: remainingSeconds(token),
    renewable: token.renewable,
    token_type: token.type,
    orphan: true,
    entity_id: '',
  };
}
