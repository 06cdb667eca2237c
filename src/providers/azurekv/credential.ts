/** The credential that the vault's clients ask: one cache of tokens for all stores, and a judge of what is asked for. */
import type { ApiCaller, SessionCache } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { Cloud } from './cloud.ts';
import type { Identity } from './identity/identity.ts';
import type { Transport } from './transport.ts';

export interface VaultCredentialOptions {
  readonly identity: Identity;
  readonly cloud: Cloud;
  readonly transport: Transport;
  readonly sessions: SessionCache;
  readonly call: ApiCaller;
  /** Ends with the client. */
  readonly signal: AbortSignal;
}

/** What a vault's challenge adds to the question. */
interface Challenge {
  readonly tenantId?: string;
  readonly claims?: string;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export class VaultCredential {
  readonly #options: VaultCredentialOptions;
  readonly #sessionKeys = new Set<string>();

  constructor(options: VaultCredentialOptions) {
    this.#options = options;
  }

  /**
   * For the SDK. What it gets has ended already, so that it asks each time: `sessions` is the only cache.
   * @throws ProviderError `invalid` when the vault belongs to another tenant or cloud than the store says
   */
  async getToken(
    scopes: string | string[],
    challenge: Challenge = {},
  ): Promise<{ token: string; expiresOnTimestamp: number }> {
    this.#judgeTenant(challenge.tenantId);
    const scope = this.#judgeScope([scopes].flat()[0] ?? '');
    // Others may wait for the same token: the one who asked first must not take it away by giving up.
    return { token: await this.#token(scope, challenge.claims, this.#options.signal), expiresOnTimestamp: 0 };
  }

  /** Has a token ready, so that a call to the vault does not wait for Entra ID within its own time. */
  async ready(signal: AbortSignal): Promise<void> {
    await this.#token(`${this.#options.cloud.resource}/.default`, undefined, signal);
  }

  /** A vault does not take the token. */
  refused(token: string): void {
    for (const key of this.#sessionKeys) this.#options.sessions.drop(key, token);
  }

  #token(scope: string, claims: string | undefined, signal: AbortSignal): Promise<string> {
    const { sessions, call, identity, cloud, transport } = this.#options;
    const key = `azurekv token ${JSON.stringify([cloud.authorityHost, scope, ...identity.key])}`;
    this.#sessionKeys.add(key);
    return sessions.get(
      key,
      (wanted) =>
        call('GetToken', (limit) => identity.requestToken({ cloud, transport, scope, claims, signal: limit }), wanted),
      signal,
    );
  }

  /** A tenant that is named by its domain cannot be compared. */
  #judgeTenant(tenantId: string | undefined): void {
    const { tenantId: own } = this.#options.identity;
    const isOther = tenantId?.toLowerCase() !== own?.toLowerCase();
    if (tenantId === undefined || own === undefined || !isOther || !uuid.test(own) || !uuid.test(tenantId)) return;
    throw new ProviderError(
      'invalid',
      `the vault belongs to tenant ${tenantId}, but the store logs in to tenant ${own}`,
    );
  }

  /** Whatever a server asks for, it gets no token that is good for something else than vaults of this cloud. */
  #judgeScope(scope: string): string {
    const { resource } = this.#options.cloud;
    if (URL.canParse(scope) && new URL(scope).host === new URL(resource).host) return scope;
    throw new ProviderError(
      'invalid',
      `the vault wants a token for ${scope}, but in the store's cloud they are for ${resource}: check environmentType and vaultUrl`,
    );
  }
}
