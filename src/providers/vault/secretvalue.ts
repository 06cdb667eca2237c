/** A secret of Vault: an object, of which entries take the whole, single members, or what a path leads to. */
import { gjson } from '../../lib/gjson.ts';
import { JsonNumber, JsonSyntaxError, type JsonValue } from '../../lib/json.ts';
import { marshalJsonAsWritten, renderedMembers, renderValue } from '../../lib/jsonvalue.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { Lease, RemoteSecret, SecretMap } from '../../provider/provider.ts';
import type { JsonObject } from './answer.ts';

export interface SecretValueOptions {
  /** For messages. */
  readonly key: string;
  readonly data: JsonObject;
  readonly version?: string;
  readonly lease?: Lease | undefined;
}

export class SecretValue implements RemoteSecret {
  readonly version?: string;
  readonly lease?: Lease;
  readonly #key: string;
  readonly #data: JsonObject;
  #json: Uint8Array | undefined;

  constructor({ key, data, version, lease }: SecretValueOptions) {
    this.#key = key;
    this.#data = data;
    if (version !== undefined) this.version = version;
    if (lease !== undefined) this.lease = lease;
  }

  /** The whole as JSON; a member by exactly this name; or what a gjson path finds. In this order, as in ESO 2.9. */
  value(property: string | undefined): Uint8Array {
    if (property === undefined || property === '') return this.#whole();
    const member = this.#data.get(property);
    const found = member === undefined ? gjson(this.#whole(), property)?.bytes : textOf(member);
    if (found !== undefined) return found;
    throw new ProviderError('invalid', `${this.#key} has no property ${property}`);
  }

  map(property: string | undefined): SecretMap {
    if (property === undefined || property === '')
      return new Map(Array.from(this.#data, ([key, value]) => [key, renderValue(value)]));
    return membersOf(`the property ${property} of ${this.#key}`, this.value(property));
  }

  /** As Go writes what it had decoded: keys sorted, numbers as they are. */
  #whole(): Uint8Array {
    this.#json ??= Buffer.from(marshalJsonAsWritten(this.#data));
    return this.#json;
  }
}

/** A single member keeps its number as it is; only `extract` makes decimals of them. */
function textOf(value: JsonValue): Uint8Array {
  if (value instanceof JsonNumber) return Buffer.from(value.text);
  return value === null || typeof value !== 'object' ? renderValue(value) : Buffer.from(marshalJsonAsWritten(value));
}

/** @throws ProviderError `invalid` when it is no JSON object */
function membersOf(what: string, json: Uint8Array): SecretMap {
  try {
    const members = renderedMembers(json);
    if (members !== undefined) return members;
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
  }
  throw new ProviderError('invalid', `${what} is not a JSON object`);
}
