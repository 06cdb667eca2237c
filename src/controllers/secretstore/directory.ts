/** Finds the store that a reference names and says whether the asking namespace may use it now. Lookups are local. */
import { type Condition, findCondition } from '../../api/conditions.ts';
import { type SecretStoreRef, type StoreKind, storeRefKind } from '../../api/refs.ts';
import type { AnySecretStore, ClusterSecretStore, SecretStore } from '../../api/secretstore.ts';
import { joinKey } from '../../runtime/key.ts';
import type { Lister } from '../../runtime/lister.ts';
import { admitsNamespace, type NamespaceLabels } from './namespacecondition.ts';

export type StoreVerdict =
  | { readonly usable: true; readonly store: AnySecretStore }
  /** `otherClass`: another operator's store, to be left alone in silence. */
  | {
      readonly usable: false;
      readonly reason: 'missing' | 'otherClass' | 'denied' | 'notReady';
      readonly message: string;
    }
  /** Nobody looked at the store yet. */
  | {
      readonly usable: false;
      readonly reason: 'notChecked';
      readonly message: string;
      readonly createdAt: string | undefined;
    };

const noStoreNamed = 'no store is named: spec.secretStoreRef, or sourceRef of the entry, has to';

export interface StoreDirectoryOptions {
  readonly secretStores: Lister<SecretStore>;
  /** Absent: they are not served (`--enable-cluster-store-reconciler=false`), and neither is who refers to them. */
  readonly clusterSecretStores: Lister<ClusterSecretStore> | undefined;
  readonly namespaces: NamespaceLabels;
  /** `--controller-class`. */
  readonly controllerClass: string;
  /** `--enable-flood-gate`: stores that are not ready hold their dependents back. */
  readonly floodGate: boolean;
}

/**
 * The directory is asked on behalf of one namespace, and a SecretStore is looked up in that namespace alone: a
 * reference has no way to name another.
 */
export class StoreDirectory {
  readonly #options: StoreDirectoryOptions;

  constructor(options: StoreDirectoryOptions) {
    this.#options = options;
  }

  /** The checks of ESO's client manager in its order: existence, class, namespace conditions, readiness. */
  resolve(reference: SecretStoreRef, namespace: string): StoreVerdict {
    const { controllerClass, floodGate, namespaces } = this.#options;
    const kind = storeRefKind(reference);
    const label = `${kind} "${reference.name ?? ''}"`;
    if (kind === 'ClusterSecretStore' && this.#options.clusterSecretStores === undefined) {
      return { usable: false, reason: 'otherClass', message: `${label}: this operator serves no ClusterSecretStores` };
    }
    if (!reference.name) return { usable: false, reason: 'missing', message: noStoreNamed };
    const store = this.#find(kind, reference.name, namespace);
    if (store === undefined) {
      const where = kind === 'SecretStore' ? ` in namespace "${namespace}"` : '';
      return { usable: false, reason: 'missing', message: `${label} does not exist${where}` };
    }
    if (!isOfClass(store, controllerClass)) {
      return { usable: false, reason: 'otherClass', message: `${label} belongs to class "${store.spec?.controller}"` };
    }
    if (!admitsNamespace(store, namespace, namespaces)) {
      const message = `using cluster store "${store.metadata.name}" is not allowed from namespace "${namespace}": denied by spec.condition`;
      return { usable: false, reason: 'denied', message };
    }
    if (floodGate && readyOf(store) === undefined) {
      const message = `${label} is not ready: it has not been checked yet`;
      return { usable: false, reason: 'notChecked', message, createdAt: store.metadata.creationTimestamp };
    }
    if (floodGate && readyOf(store)?.status !== 'True') {
      return { usable: false, reason: 'notReady', message: `${label} is not ready${causeOf(store)}` };
    }
    return { usable: true, store };
  }

  #find(kind: StoreKind, name: string, namespace: string): AnySecretStore | undefined {
    return kind === 'ClusterSecretStore'
      ? this.#options.clusterSecretStores?.get(name)
      : this.#options.secretStores.get(joinKey(namespace, name));
  }
}

/** Whether this operator looks after the store. */
export function isOfClass(store: AnySecretStore, controllerClass: string): boolean {
  return !store.spec?.controller || store.spec.controller === controllerClass;
}

/** A store that says why it is not ready saves its users a second look. */
function causeOf(store: AnySecretStore): string {
  const message = readyOf(store)?.message;
  return message ? `: ${message}` : '';
}

function readyOf(store: AnySecretStore): Condition | undefined {
  return findCondition(store.status?.conditions, 'Ready');
}
