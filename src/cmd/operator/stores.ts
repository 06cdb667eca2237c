/** Wires the controllers of SecretStores and ClusterSecretStores. */
import type { StoreKind } from '../../api/refs.ts';
import type { Resource } from '../../api/resource.ts';
import { clusterSecretStores, secretStores } from '../../api/resources.ts';
import type { AnySecretStore } from '../../api/secretstore.ts';
import type { ExternalSecretWatches } from '../../controllers/externalsecret/controller.ts';
import { ObjectEvents } from '../../controllers/objectevents.ts';
import { pushSecretHandler, storeHandler } from '../../controllers/secretstore/controller.ts';
import type { StoreDeps } from '../../controllers/secretstore/deps.ts';
import { reconcileStore } from '../../controllers/secretstore/reconcile.ts';
import type { StoreAccess } from '../../controllers/secretstore/storeaccess.ts';
import { PrometheusStoreMetrics } from '../../observability/metrics/store.ts';
import type { Provider } from '../../provider/provider.ts';
import type { Registry } from '../../provider/registry.ts';
import type { Controller } from '../../runtime/controller.ts';
import type { Informer } from '../../runtime/informer.ts';
import type { WorkQueue } from '../../runtime/workqueue.ts';
import { type Foundation, openController } from './foundation.ts';
import type { OperatorInformers } from './informers.ts';

export interface StoreControllersOptions {
  readonly foundation: Foundation;
  readonly informers: OperatorInformers;
  readonly queues: Readonly<Record<StoreKind, WorkQueue>>;
  readonly clients: StoreAccess;
  readonly providers: Registry<Provider>;
  readonly watches: ExternalSecretWatches;
}

/** One for each kind that is served. */
export function storeControllers(options: StoreControllersOptions): readonly Controller[] {
  const { foundation, informers } = options;
  const { reconcilers } = foundation.config;
  return [
    ...(reconcilers.secretStore ? [storeController(options, secretStores, informers.secretStores)] : []),
    ...(informers.clusterSecretStores === undefined
      ? []
      : [storeController(options, clusterSecretStores, informers.clusterSecretStores)]),
  ];
}

/** The source of a kind's events, as ESO's. */
const components: Readonly<Record<StoreKind, string>> = {
  SecretStore: 'secret-store',
  ClusterSecretStore: 'cluster-secret-store',
};

function storeController<T extends AnySecretStore>(
  options: StoreControllersOptions,
  resource: Resource<T>,
  informer: Informer<T>,
): Controller {
  const { foundation, informers, queues, clients, providers, watches } = options;
  const { config, kube, registry, clock } = foundation;
  const kind: StoreKind = resource.namespaced ? 'SecretStore' : 'ClusterSecretStore';
  const name = kind.toLowerCase();
  const deps: StoreDeps = {
    kind,
    resource,
    lister: informer.lister,
    clients,
    providers,
    kube,
    recorder: new ObjectEvents(foundation.recorder(components[kind]), resource),
    metrics: new PrometheusStoreMetrics(registry, foundation.labels(), name),
    clock,
    controllerClass: config.controllerClass,
    pushSecrets: informers.pushSecrets?.lister ?? { values: () => [].values() },
    revalidated: (store) => watches.storeRevalidated(store),
    validGenerations: new Map(),
    requeueIntervalMs: config.storeRequeueIntervalMs,
  };
  informer.addHandler(storeHandler(queues[kind]));
  informers.pushSecrets?.addHandler(pushSecretHandler(queues[kind], kind));
  return openController(foundation, name, queues[kind], (key, context) => reconcileStore(deps, key, context));
}
