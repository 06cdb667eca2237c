/** Writes secrets: whole, or one property of the JSON object that they are. */
import { isUtf8 } from 'node:buffer';
import type { KeyVaultSecret } from '@azure/keyvault-secrets';
import { byteOrder } from '../../../lib/byteorder.ts';
import { quoteJson } from '../../../lib/gojson.ts';
import { deleteJson, JsonPathError, setJson } from '../../../lib/sjson.ts';
import type { ApiCaller } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { PushRequest, SecretMap } from '../../../provider/provider.ts';
import { ifThere } from '../ifthere.ts';
import { propertyOf } from '../objects/json.ts';
import type { Vault } from '../vault.ts';
import { Lifecycle } from './lifecycle.ts';
import { hasProperties, type PushedProperties, pushedPropertiesOf, requireManaged } from './metadata.ts';
import type { ObjectWriter } from './objectwriter.ts';

export class SecretWriter implements ObjectWriter {
  readonly #vault: Vault;
  readonly #call: ApiCaller;
  readonly #lifecycle: Lifecycle;

  constructor(vault: Vault, call: ApiCaller) {
    this.#vault = vault;
    this.#call = call;
    this.#lifecycle = new Lifecycle(vault, 'secret', call);
  }

  async push(name: string, { value, property = '', metadata }: PushRequest, signal: AbortSignal): Promise<void> {
    const properties = pushedPropertiesOf(metadata);
    const bytes = value instanceof Map ? jsonOf(value) : value;
    const present = await this.#present(name, signal);
    if (present !== undefined) requireManaged(`secret/${name}`, present.properties.tags);
    const whole = property === '' ? bytes : edit(() => setJson(present?.value ?? '', property, bytes));
    const text = textOf(name, whole);
    if (present?.value === text && hasProperties(present.properties, properties)) return;
    await this.#set(name, text, keepContentType(present, properties), signal);
  }

  /** A property, and the secret with its last one; without a property the secret. */
  async delete(name: string, property: string, signal: AbortSignal): Promise<void> {
    const present = await this.#present(name, signal);
    if (present === undefined) return;
    requireManaged(`secret/${name}`, present.properties.tags);
    const value = Buffer.from(present.value ?? '');
    if (property !== '' && propertyOf(value, property) === undefined) return;
    const rest =
      property === ''
        ? '{}'
        : textOf(
            name,
            edit(() => deleteJson(value, property)),
          );
    if (/^\s*\{\s*\}\s*$/.test(rest)) await this.#lifecycle.delete(name, signal);
    else await this.#set(name, rest, present.properties, signal);
  }

  async exists(name: string, property: string, signal: AbortSignal): Promise<boolean> {
    const present = await this.#present(name, signal);
    if (present === undefined || property === '') return present !== undefined;
    return propertyOf(Buffer.from(present.value ?? ''), property) !== undefined;
  }

  #present(name: string, signal: AbortSignal): Promise<KeyVaultSecret | undefined> {
    const reading = this.#call(
      'GetSecret',
      (limit) => this.#vault.secrets.getSecret(name, { abortSignal: limit }),
      signal,
    );
    return ifThere(reading);
  }

  async #set(name: string, text: string, properties: Partial<PushedProperties>, signal: AbortSignal): Promise<void> {
    const { tags = {}, contentType, expiresOn } = properties;
    const settings = {
      enabled: true,
      tags: { ...tags },
      ...(contentType === undefined ? {} : { contentType }),
      ...(expiresOn === undefined ? {} : { expiresOn }),
    };
    const set = (options: object): Promise<unknown> =>
      this.#vault.secrets.setSecret(name, text, { ...settings, ...options });
    await this.#lifecycle.write('SetSecret', name, set, signal);
  }
}

/** A new version has only what it is given; what the value is stays true when nobody says otherwise. */
function keepContentType(present: KeyVaultSecret | undefined, properties: PushedProperties): PushedProperties {
  const { contentType } = present?.properties ?? {};
  return contentType === undefined ? properties : { contentType, ...properties };
}

/** A vault holds text. */
function textOf(name: string, bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes).toString('utf8');
  throw new ProviderError('invalid', `secret/${name} can only hold text, and the value is not UTF-8`);
}

/** A whole Secret as one object of strings, keys sorted. */
function jsonOf(map: SecretMap): Uint8Array {
  const sorted = [...map].sort(([left], [right]) => byteOrder(left, right));
  return Buffer.from(`{${sorted.map(([key, value]) => `${quoteJson(key)}:${quoteJson(value)}`).join(',')}}`);
}

function edit(run: () => Uint8Array): Uint8Array {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof JsonPathError)) throw cause;
    throw new ProviderError('invalid', cause.message, { cause });
  }
}
