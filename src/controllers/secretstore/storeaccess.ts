/** Opens stores for the controllers: from an object in the cluster to a client of the pool. */

import type { StoreKind } from '../../api/refs.ts';
import { type AnySecretStore, providerOf } from '../../api/secretstore.ts';
import type { ClientPool } from '../../provider/clientpool.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { ClientLease } from '../../provider/pooledclient.ts';
import type { Provider } from '../../provider/provider.ts';
import type { Registry } from '../../provider/registry.ts';
import { retrySettingsOf } from '../../provider/retrysettings.ts';
import { splitKey } from '../../runtime/key.ts';
import { storeIdentityOf } from './storeidentity.ts';

export class StoreAccess {
  readonly #pool: ClientPool;
  readonly #providers: Registry<Provider>;

  constructor(pool: ClientPool, providers: Registry<Provider>) {
    this.#pool = pool;
    this.#providers = providers;
  }

  /**
   * @param referent the namespace of the object that is being synced; undefined while the store is only checked
   * @throws ProviderError
   */
  async acquire(store: AnySecretStore, referent: string | undefined, signal: AbortSignal): Promise<ClientLease> {
    const named = providerOf(store);
    const load = named && this.#providers.get(named.name);
    if (named === undefined || load === undefined) {
      const name = named === undefined ? 'none' : `"${named.name}"`;
      throw new ProviderError('invalid', `the store's provider is ${name}, which this operator cannot use`);
    }
    const definition = {
      store: storeIdentityOf(store),
      provider: await load(),
      spec: named.spec,
      retry: retrySettingsOf(store.spec?.retrySettings),
    };
    return this.#pool.acquire(definition, referent, signal);
  }

  /** The store is gone. */
  forget(kind: StoreKind, key: string): void {
    const { namespace, name } = splitKey(key);
    this.#pool.remove({ kind, name, ...(namespace !== undefined && { namespace }) });
  }
}
