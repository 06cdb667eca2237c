/** Requests on behalf of a store: with its token, metered, and once more with a new token where the old one is dead. */
import type { ApiCaller } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { Lease } from '../../provider/provider.ts';
import { type JsonObject, numberIn, textIn } from './answer.ts';
import type { Tokens, TokenUse } from './auth/tokens.ts';
import { refusalIn } from './errors.ts';
import type { VaultProtocol, VaultRequest } from './protocol.ts';

export interface VaultApiOptions {
  readonly protocol: VaultProtocol;
  readonly tokens: Tokens;
  readonly call: ApiCaller;
  /** Where the secrets are. */
  readonly namespace: string | undefined;
}

/** What is metered as what, by the names of ESO's metrics. */
const callNames = {
  read: 'ReadSecretData',
  list: 'ListSecrets',
  write: 'WriteSecretData',
  delete: 'DeleteSecret',
} as const;

export interface Leased {
  readonly answer: JsonObject;
  /** Absent when the answer is not leased. */
  readonly lease?: Lease;
}

export class VaultApi {
  readonly #protocol: VaultProtocol;
  readonly #tokens: Tokens;
  readonly #call: ApiCaller;
  readonly #namespace: string | undefined;

  constructor({ protocol, tokens, call, namespace }: VaultApiOptions) {
    this.#protocol = protocol;
    this.#tokens = tokens;
    this.#call = call;
    this.#namespace = namespace;
  }

  /** @param name of the call in metrics; default: by the operation */
  async request(
    request: VaultRequest,
    signal: AbortSignal,
    name: string = callNames[request.operation],
  ): Promise<JsonObject> {
    return this.#authenticated(signal, ({ token }) => this.#send(name, { ...request, token }, signal));
  }

  /** A read that may make something: what it answers is held until its lease ends. */
  async lease(path: string, signal: AbortSignal): Promise<Leased> {
    return this.#authenticated(signal, async (use) => {
      const request = { operation: 'read', path, token: use.token } as const;
      const answer = await this.#send(callNames.read, request, signal);
      const id = textIn(answer, 'lease_id');
      if (id === '') return { answer };
      const durationMs = await use.hold(numberIn(answer, 'lease_duration') * 1_000, signal);
      return { answer, lease: { id, durationMs, renewable: answer.get('renewable') === true } };
    });
  }

  async close(): Promise<void> {
    await this.#tokens.close();
    await this.#protocol.close();
  }

  async #authenticated<T>(signal: AbortSignal, run: (use: TokenUse) => Promise<T>): Promise<T> {
    const use = await this.#tokens.get(signal);
    try {
      return await run(use);
    } catch (error) {
      const successor = refusalIn(error)?.status === 403 ? await use.successor(signal) : undefined;
      if (successor === undefined) throw error;
      return run(successor);
    }
  }

  #send(name: string, request: VaultRequest, signal: AbortSignal): Promise<JsonObject> {
    return this.#call(name, (limit) => this.#protocol.send({ namespace: this.#namespace, ...request }, limit), signal);
  }
}

/** What `request` answers; undefined when it does not exist. */
export async function orAbsent<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'notFound') return undefined;
    throw error;
  }
}
