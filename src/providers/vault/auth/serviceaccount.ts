/** Tokens of ServiceAccounts of this cluster, to be shown to a Vault. */
import type { ServiceAccountSelector } from '../../../api/refs.ts';
import type { ConnectContext } from '../../../provider/context.ts';

export interface ServiceAccountTokens {
  readonly identity: readonly unknown[];
  /** A new token each time: it is traded at once, and never again. */
  create(): Promise<string>;
}

export interface TokenAudience {
  readonly audiences: readonly string[];
  readonly expirationSeconds?: number | undefined;
}

/** As ESO 2.9. */
const defaultExpirationSeconds = 600;

/** Looks the ServiceAccount up now, so that the wall between namespaces is passed while connecting, and nowhere else. */
export async function serviceAccountTokens(
  selector: ServiceAccountSelector,
  { audiences, expirationSeconds = defaultExpirationSeconds }: TokenAudience,
  { objects }: ConnectContext,
): Promise<ServiceAccountTokens> {
  const { namespace, name, uid } = await objects.serviceAccount(selector);
  return {
    identity: ['serviceAccount', namespace, name, uid, audiences],
    async create() {
      const request = { serviceAccount: { namespace, name }, audiences, expirationSeconds };
      return (await objects.serviceAccountToken(request)).token;
    },
  };
}
