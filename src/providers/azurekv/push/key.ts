/** Writes keys. */
import type { KeyVaultKey } from '@azure/keyvault-keys';
import type { ApiCaller } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { PushRequest } from '../../../provider/provider.ts';
import { ifThere } from '../ifthere.ts';
import type { Vault } from '../vault.ts';
import { isKeyOf, privateKeyOf } from './keymaterial.ts';
import { Lifecycle } from './lifecycle.ts';
import { hasProperties, pushedPropertiesOf, requireManaged } from './metadata.ts';
import type { ObjectWriter } from './objectwriter.ts';

export class KeyWriter implements ObjectWriter {
  readonly #vault: Vault;
  readonly #call: ApiCaller;
  readonly #lifecycle: Lifecycle;

  constructor(vault: Vault, call: ApiCaller) {
    this.#vault = vault;
    this.#call = call;
    this.#lifecycle = new Lifecycle(vault, 'key', call);
  }

  async push(name: string, { value, metadata }: PushRequest, signal: AbortSignal): Promise<void> {
    if (value instanceof Map) throw new ProviderError('invalid', `key/${name}: secretKey is required to push a key`);
    const { tags, expiresOn } = pushedPropertiesOf(metadata);
    const properties = { tags: { ...tags }, ...(expiresOn === undefined ? {} : { expiresOn }) };
    const key = privateKeyOf(name, value);
    const present = await this.#present(name, signal);
    if (present !== undefined) requireManaged(`key/${name}`, present.properties.tags);
    if (present !== undefined && isKeyOf(present, key) && hasProperties(present.properties, properties)) return;
    const set = (options: object): Promise<unknown> =>
      this.#vault.keys.importKey(name, key, { enabled: true, ...properties, ...options });
    await this.#lifecycle.write('ImportKey', name, set, signal);
  }

  async delete(name: string, _property: string, signal: AbortSignal): Promise<void> {
    const present = await this.#present(name, signal);
    if (present === undefined) return;
    requireManaged(`key/${name}`, present.properties.tags);
    await this.#lifecycle.delete(name, signal);
  }

  async exists(name: string, _property: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#present(name, signal)) !== undefined;
  }

  #present(name: string, signal: AbortSignal): Promise<KeyVaultKey | undefined> {
    return ifThere(this.#call('GetKey', (limit) => this.#vault.keys.getKey(name, { abortSignal: limit }), signal));
  }
}
