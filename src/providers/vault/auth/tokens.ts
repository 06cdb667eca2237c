/** What requests are made with. */

/** As ESO's metrics call it. */
export const backend = 'HashiCorp/Vault';

export interface Tokens {
  /** @throws ProviderError when there is none to be had */
  get(signal: AbortSignal): Promise<TokenUse>;
  /** Gives back what is ours. */
  close(): Promise<void>;
}

/** A token, for one request and what follows from it. */
export interface TokenUse {
  /** Undefined: the request is made without one. */
  readonly token: string | undefined;
  /** The token to try again with after a refusal; undefined: the refusal was meant. */
  successor(signal: AbortSignal): Promise<TokenUse | undefined>;
  /**
   * Sees to it that a lease made with the token can last: it would end with the token.
   * @returns how long it will last, in milliseconds
   */
  hold(leaseMs: number, signal: AbortSignal): Promise<number>;
}

export const anonymous: Tokens = {
  get: async () => ({ token: undefined, successor: async () => undefined, hold: async (leaseMs) => leaseMs }),
  async close() {
    // There is nothing to give back.
  },
};
