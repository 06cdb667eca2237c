/** A store as providers know it. */
import type { AnySecretStore } from '../../api/secretstore.ts';
import type { StoreIdentity } from '../../provider/context.ts';

/** Namespaced objects are SecretStores; items of a list do not always carry their kind. */
export function storeIdentityOf(store: AnySecretStore): StoreIdentity {
  const { name, namespace, uid, generation = 0 } = store.metadata;
  return namespace === undefined
    ? { kind: 'ClusterSecretStore', name, uid, generation }
    : { kind: 'SecretStore', name, namespace, uid, generation };
}
