/** A token that somebody else made and looks after: it is used, never renewed or revoked. */
import { ProviderError } from '../../../provider/errors.ts';
import { type JsonObject, numberIn, objectIn } from '../answer.ts';
import type { Tokens, TokenUse } from './tokens.ts';

export interface GivenTokenOptions {
  readonly token: string;
  /** Asks Vault about a token. */
  readonly lookUp: (token: string, signal: AbortSignal) => Promise<JsonObject>;
}

export class GivenToken implements Tokens {
  readonly #options: GivenTokenOptions;

  constructor(options: GivenTokenOptions) {
    this.#options = options;
  }

  async get(): Promise<TokenUse> {
    const { token } = this.#options;
    return { token, successor: async () => undefined, hold: (leaseMs, signal) => this.#hold(leaseMs, signal) };
  }

  async close(): Promise<void> {
    // It is not ours.
  }

  async #hold(leaseMs: number, signal: AbortSignal): Promise<number> {
    return Math.min(leaseMs, await this.#remainingMs(signal));
  }

  /** Infinite for a token that never ends, and for one that may not be looked at. */
  async #remainingMs(signal: AbortSignal): Promise<number> {
    try {
      const answer = await this.#options.lookUp(this.#options.token, signal);
      const seconds = numberIn(objectIn(answer, 'data'), 'ttl');
      return seconds === 0 ? Number.POSITIVE_INFINITY : seconds * 1_000;
    } catch (error) {
      if (error instanceof ProviderError) return Number.POSITIVE_INFINITY;
      throw error;
    }
  }
}
