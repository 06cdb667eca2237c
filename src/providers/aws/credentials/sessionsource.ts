/** Credentials that have to be asked for: one session for all stores with the same identity, renewed in time. */
import type { SessionCache } from '../../../provider/context.ts';
import type { AwsCredentials, CredentialSource } from './credentials.ts';

export interface SessionSourceOptions {
  readonly identity: readonly unknown[];
  readonly sessions: SessionCache;
  readonly request: (signal: AbortSignal) => Promise<AwsCredentials>;
}

export class SessionSource implements CredentialSource {
  readonly identity: readonly unknown[];
  readonly #key: string;
  readonly #sessions: SessionCache;
  readonly #request: (signal: AbortSignal) => Promise<AwsCredentials>;

  constructor({ identity, sessions, request }: SessionSourceOptions) {
    this.identity = identity;
    this.#key = `aws session ${JSON.stringify(identity)}`;
    this.#sessions = sessions;
    this.#request = request;
  }

  get(signal: AbortSignal): Promise<AwsCredentials> {
    return this.#sessions.get(
      this.#key,
      async (wanted) => {
        const value = await this.#request(wanted);
        return value.expiresAtMs === undefined ? { value } : { value, expiresAtMs: value.expiresAtMs };
      },
      signal,
    );
  }

  refused(credentials: AwsCredentials): boolean {
    this.#sessions.drop(this.#key, credentials);
    return true;
  }
}
