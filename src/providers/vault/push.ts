/** Writes secrets of a KV engine, and only those that carry our mark. */
import { isUtf8 } from 'node:buffer';
import { JsonSyntaxError, type JsonValue, parseJson } from '../../lib/json.ts';
import { marshalJsonAsWritten } from '../../lib/jsonvalue.ts';
import { KeyedTurns } from '../../lib/keyedturns.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { PushRequest, PushTarget, SecretsWriter } from '../../provider/provider.ts';
import { type JsonObject, objectOf } from './answer.ts';
import { orAbsent } from './api.ts';
import { refusalIn } from './errors.ts';
import type { KvEngine } from './kvengine.ts';
import type { KvLocation } from './kvpath.ts';
import { isOurs, lookAt, markMember, type Present, withMark } from './present.ts';

/** Somebody else may change the same secret in between; so many times in a row is no coincidence any more. */
const maxConflicts = 5;

export class VaultWriter implements SecretsWriter {
  readonly #kv: KvEngine;
  /** Two properties of one secret are pushed one after the other. */
  readonly #turns = new KeyedTurns();

  constructor(kv: KvEngine) {
    this.#kv = kv;
  }

  async push(request: PushRequest, signal: AbortSignal): Promise<void> {
    const { remoteKey: key, property = '' } = request;
    const location = this.#kv.locate(key);
    await this.#turns.take(key, () =>
      this.#untilSettled(location, signal, async (present) => {
        if (!isOurs(present)) throw new ProviderError('denied', `${key} is not managed by external-secrets`);
        const wanted = property === '' ? wholeOf(request) : withProperty(present.data, property, textOf(request.value));
        await this.#settle(location, present, wanted, signal);
      }),
    );
  }

  /** A property, and the secret with its last one; without a property the secret. Only what is ours. */
  async delete({ remoteKey: key, property = '' }: PushTarget, signal: AbortSignal): Promise<void> {
    const location = this.#kv.locate(key);
    await this.#turns.take(key, () =>
      this.#untilSettled(location, signal, async (present) => {
        if (!present.exists || !isOurs(present)) return;
        if (property === '') return this.#kv.delete(location, signal);
        if (present.data?.has(property) !== true) return;
        const rest = new Map([...present.data].filter(([name]) => name !== property));
        if (rest.size === 0) return this.#kv.delete(location, signal);
        await this.#settle(location, present, rest, signal);
      }),
    );
  }

  async exists({ remoteKey: key, property = '' }: PushTarget, signal: AbortSignal): Promise<boolean> {
    const secret = await orAbsent(this.#kv.read(this.#kv.locate(key), undefined, signal));
    return secret !== undefined && (property === '' || secret.data.has(property));
  }

  /** Writes nothing where nothing changes. */
  async #settle(location: KvLocation, present: Present, wanted: JsonObject, signal: AbortSignal): Promise<void> {
    const { data, custom, version } = present;
    if (data !== undefined && present.isMarked && marshalJsonAsWritten(data) === marshalJsonAsWritten(wanted)) return;
    if (!this.#kv.isVersioned)
      return this.#kv.write(location, marshalJsonAsWritten(markMember(wanted)), version, signal);
    if (!present.isMarked) await this.#kv.writeMetadata(location, withMark(custom), signal);
    await this.#kv.write(location, marshalJsonAsWritten(wanted), version, signal);
  }

  /** Decides anew when somebody else wrote in between. */
  async #untilSettled(
    location: KvLocation,
    signal: AbortSignal,
    run: (present: Present) => Promise<void>,
  ): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const present = await lookAt(this.#kv, location, signal);
      try {
        return await run(present);
      } catch (error) {
        if (!(await this.#isConflict(error, location, present, signal))) throw error;
        if (tries === maxConflicts)
          throw new ProviderError('unavailable', `${location.path} is being changed by somebody else all the time`);
      }
    }
  }

  /** Vault refuses a stale version as it refuses any nonsense: the difference is that there is another one now. */
  async #isConflict(error: unknown, location: KvLocation, seen: Present, signal: AbortSignal): Promise<boolean> {
    if (refusalIn(error)?.status !== 400 || !this.#kv.isVersioned) return false;
    return (await lookAt(this.#kv, location, signal)).version !== seen.version;
  }
}

function withProperty(data: JsonObject = new Map(), property: string, value: string): JsonObject {
  return new Map([...data, [property, value] as const]);
}

function wholeOf({ remoteKey, value }: PushRequest): JsonObject {
  if (value instanceof Map) return new Map(Array.from(value, ([name, bytes]) => [name, textOf(bytes)]));
  const object = objectOf(jsonOf(value));
  if (object === undefined)
    throw new ProviderError('invalid', `the value for ${remoteKey} is not a JSON object, and no property is named`);
  return object;
}

function jsonOf(value: PushRequest['value']): JsonValue | undefined {
  try {
    return parseJson(textOf(value));
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

/** @throws ProviderError `invalid` for bytes that are no text: JSON could not hold them unharmed */
function textOf(value: PushRequest['value']): string {
  if (value instanceof Map)
    return marshalJsonAsWritten(new Map(Array.from(value, ([name, bytes]) => [name, textOf(bytes)])));
  if (!isUtf8(value)) throw new ProviderError('invalid', 'the value is not UTF-8 text, which is all that Vault holds');
  return Buffer.from(value).toString('utf8');
}
