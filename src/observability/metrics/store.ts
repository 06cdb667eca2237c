/** ESO's metrics of SecretStores and ClusterSecretStores. */
import { Gauge, type Registry } from 'prom-client';
import type { AnySecretStore } from '../../api/secretstore.ts';
import type { StoreMetrics } from '../../controllers/secretstore/deps.ts';
import type { ResourceLabels } from './resourcelabels.ts';

/** @param prefix `secretstore` or `clustersecretstore` */
export class PrometheusStoreMetrics implements StoreMetrics {
  readonly #labels: ResourceLabels;
  readonly #condition: Gauge;
  readonly #duration: Gauge;

  constructor(registry: Registry, labels: ResourceLabels, prefix: string) {
    this.#labels = labels;
    this.#condition = new Gauge({
      name: `${prefix}_status_condition`,
      help: 'The status condition of a specific store',
      labelNames: [...labels.names, 'condition', 'status'],
      registers: [registry],
    });
    this.#duration = new Gauge({
      name: `${prefix}_reconcile_duration`,
      help: 'Duration of the last check of the store, in nanoseconds',
      labelNames: [...labels.names],
      registers: [registry],
    });
  }

  reconciled(store: AnySecretStore, ready: 'True' | 'False', durationMs: number): void {
    const series = this.#labels.of(store);
    this.#duration.set(series, durationMs * 1e6);
    this.#condition.set({ ...series, condition: 'Ready', status: ready }, 1);
    this.#condition.set({ ...series, condition: 'Ready', status: ready === 'True' ? 'False' : 'True' }, 0);
  }

  forget(key: string): void {
    const series = this.#labels.forget(key);
    this.#duration.remove({ ...series });
    for (const status of ['True', 'False']) this.#condition.remove({ ...series, condition: 'Ready', status });
  }
}
