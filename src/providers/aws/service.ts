/** One AWS service as one identity: every attempt is metered, a session that AWS refuses is replaced once. */
import type { ApiCaller } from '../../provider/context.ts';
import type { AwsCredentials, CredentialSource } from './credentials/credentials.ts';
import { isRefusalOfCredentials } from './errors.ts';

export interface AwsServiceOptions<Client> {
  readonly source: CredentialSource;
  readonly call: ApiCaller;
  /** Makes the SDK's client; opens no connection. */
  readonly open: (credentials: AwsCredentials) => Client;
}

interface OpenClient<Client> {
  readonly credentials: AwsCredentials;
  readonly client: Client;
}

export class AwsService<Client> {
  readonly #source: CredentialSource;
  readonly #call: ApiCaller;
  readonly #open: (credentials: AwsCredentials) => Client;
  /** The SDK's clients are made for one value of credentials, so that it is known which ones a refusal is about. */
  #current: OpenClient<Client> | undefined;

  constructor({ source, call, open }: AwsServiceOptions<Client>) {
    this.#source = source;
    this.#call = call;
    this.#open = open;
  }

  /** Has credentials ready. @throws ProviderError when there are none */
  async authenticate(signal: AbortSignal): Promise<void> {
    await this.#source.get(signal);
  }

  /** @throws ProviderError, or the signal's reason */
  async send<T>(
    operation: string,
    run: (client: Client, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const credentials = await this.#source.get(signal);
    const attempt = (used: AwsCredentials): Promise<T> =>
      this.#call(operation, (limit) => run(this.#clientFor(used), limit), signal);
    try {
      return await attempt(credentials);
    } catch (error) {
      if (!isRefusalOfCredentials(error) || !this.#source.refused(credentials)) throw error;
    }
    return attempt(await this.#source.get(signal));
  }

  #clientFor(credentials: AwsCredentials): Client {
    if (this.#current?.credentials !== credentials) this.#current = { credentials, client: this.#open(credentials) };
    return this.#current.client;
  }
}
