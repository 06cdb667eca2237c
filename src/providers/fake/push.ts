/** What was pushed to a fake store. It lives as long as the client does. */
import { gjson } from '../../lib/gjson.ts';
import { quoteJson } from '../../lib/gojson.ts';
import { deleteJson, JsonPathError, setJson } from '../../lib/sjson.ts';
import type { ApiCaller } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { PushRequest, PushTarget, SecretMap, SecretsWriter } from '../../provider/provider.ts';

export class FakeWriter implements SecretsWriter {
  readonly #pushed = new Map<string, Uint8Array>();
  readonly #isDefined: (key: string) => boolean;
  readonly #call: ApiCaller;

  /** @param isDefined whether the store's spec has the key: those cannot be pushed to, as in ESO 2.9 */
  constructor(isDefined: (key: string) => boolean, call: ApiCaller) {
    this.#isDefined = isDefined;
    this.#call = call;
  }

  get(key: string): Uint8Array | undefined {
    return this.#pushed.get(key);
  }

  entries(): IterableIterator<[string, Uint8Array]> {
    return this.#pushed.entries();
  }

  push({ remoteKey, property, value }: PushRequest, signal: AbortSignal): Promise<void> {
    return this.#call(
      'PushSecret',
      async () => {
        this.#refuseDefined(remoteKey);
        const bytes = value instanceof Map ? jsonOf(value) : value;
        const pushed =
          property === undefined
            ? bytes
            : this.#edit(() => setJson(this.#pushed.get(remoteKey) ?? '', property, bytes));
        this.#pushed.set(remoteKey, pushed);
      },
      signal,
    );
  }

  delete({ remoteKey, property }: PushTarget, signal: AbortSignal): Promise<void> {
    return this.#call(
      'DeleteSecret',
      async () => {
        this.#refuseDefined(remoteKey);
        const present = this.#pushed.get(remoteKey);
        if (present === undefined) return;
        const rest =
          property === undefined ? '{}' : Buffer.from(this.#edit(() => deleteJson(present, property))).toString();
        if (rest.replace(/\s/g, '') === '{}') this.#pushed.delete(remoteKey);
        else this.#pushed.set(remoteKey, Buffer.from(rest));
      },
      signal,
    );
  }

  exists({ remoteKey, property }: PushTarget, signal: AbortSignal): Promise<boolean> {
    return this.#call(
      'SecretExists',
      async () => {
        const pushed = this.#pushed.get(remoteKey);
        if (pushed === undefined || property === undefined) return pushed !== undefined || this.#isDefined(remoteKey);
        return gjson(pushed, property) !== undefined;
      },
      signal,
    );
  }

  #refuseDefined(key: string): void {
    if (this.#isDefined(key)) throw new ProviderError('invalid', `the store itself defines the secret ${key}`);
  }

  #edit(run: () => Uint8Array): Uint8Array {
    try {
      return run();
    } catch (cause) {
      if (!(cause instanceof JsonPathError)) throw cause;
      throw new ProviderError('invalid', cause.message, { cause });
    }
  }
}

function jsonOf(map: SecretMap): Uint8Array {
  return Buffer.from(`{${Array.from(map, ([key, value]) => `${quoteJson(key)}:${quoteJson(value)}`).join(',')}}`);
}
