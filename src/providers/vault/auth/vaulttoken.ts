/** A token that was given for a login. */
import type { Clock } from '../../../lib/clock.ts';
import { type JsonObject, numberIn, textIn } from '../answer.ts';

export class VaultToken {
  readonly token: string;
  /** Batch tokens exist nowhere in Vault: they are neither renewed nor revoked. */
  readonly isBatch: boolean;
  #isRenewable: boolean;
  /** How long it lived when it was new. */
  readonly #lifetimeMs: number;
  #expiresAtMs: number;
  #leasesEndAtMs = 0;

  /**
   * @param auth of an answer to a login
   * @param nowMs when it came; lifetimes are relative, so the clocks need not agree
   */
  constructor(auth: JsonObject, nowMs: number) {
    this.token = textIn(auth, 'client_token');
    this.isBatch = textIn(auth, 'token_type') === 'batch';
    this.#isRenewable = auth.get('renewable') === true && !this.isBatch;
    this.#lifetimeMs = lifetimeMs(auth);
    this.#expiresAtMs = nowMs + this.#lifetimeMs;
  }

  /** Epoch milliseconds; infinite for a token that never ends. */
  get expiresAtMs(): number {
    return this.#expiresAtMs;
  }

  get isRenewable(): boolean {
    return this.#isRenewable;
  }

  /** Whether a renewal has brought it a good part of its first lifetime; near its very end it brings little. */
  isFresh(nowMs: number): boolean {
    return this.#expiresAtMs - nowMs > this.#lifetimeMs / 2;
  }

  /** @param auth of an answer to a renewal */
  renewed(auth: JsonObject, nowMs: number): void {
    this.#isRenewable = auth.get('renewable') === true;
    this.#expiresAtMs = nowMs + lifetimeMs(auth);
  }

  /** Something was leased with this token: it ends with the token. */
  leased(endsAtMs: number): void {
    this.#leasesEndAtMs = Math.max(this.#leasesEndAtMs, endsAtMs);
  }

  hasLeases(clock: Clock): boolean {
    return clock.now() < this.#leasesEndAtMs;
  }
}

/** Vault says 0 for what never ends. */
function lifetimeMs(auth: JsonObject): number {
  const seconds = numberIn(auth, 'lease_duration');
  return seconds === 0 ? Number.POSITIVE_INFINITY : seconds * 1_000;
}
