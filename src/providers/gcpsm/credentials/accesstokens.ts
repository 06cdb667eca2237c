/** Access tokens of one identity, shared by all clients that have it. */
import type { Clock } from '../../../lib/clock.ts';
import type { ApiCaller, Session, SessionCache } from '../../../provider/context.ts';
import type { Endpoints } from '../endpoints.ts';
import type { Transport } from '../transport.ts';

/** One way to a token. */
export interface TokenSource {
  /** Everything that the token depends on, without secrets: two sources with one identity make equal tokens. */
  readonly identity: readonly unknown[];
  create(signal: AbortSignal): Promise<Session<string>>;
}

/** What all ways to a token need. */
export interface TokenServices {
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly clock: Clock;
  /** Meters requests for tokens and judges their failures. */
  readonly call: ApiCaller;
}

/** The scope that covers Secret Manager; the one that ESO asks for. */
export const scope = 'https://www.googleapis.com/auth/cloud-platform';

export class AccessTokens {
  readonly #source: TokenSource;
  readonly #sessions: SessionCache;
  readonly #key: string;

  constructor(source: TokenSource, sessions: SessionCache) {
    this.#source = source;
    this.#sessions = sessions;
    this.#key = `gcp token ${JSON.stringify(source.identity)}`;
  }

  get(signal: AbortSignal): Promise<string> {
    return this.#sessions.get(this.#key, (limit) => this.#source.create(limit), signal);
  }

  /** The API did not take this token. */
  refused(token: string): void {
    this.#sessions.drop(this.#key, token);
  }
}
