/** ESO's metrics of ExternalSecrets, with ESO's names and labels, and what ESO lacks: durations in seconds, age, overdue. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { ExternalSecretMetrics } from '../../controllers/externalsecret/deps.ts';
import type { ResourceLabels } from './resourcelabels.ts';

/** Seconds; a sync is a few API requests and one remote read. */
const syncBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export class PrometheusExternalSecretMetrics implements ExternalSecretMetrics {
  readonly #labels: ResourceLabels;
  readonly #calls: Counter;
  readonly #errors: Counter;
  readonly #condition: Gauge;
  readonly #duration: Gauge;
  readonly #durationSeconds: Histogram;

  constructor(registry: Registry, labels: ResourceLabels) {
    const registers = [registry];
    this.#labels = labels;
    this.#calls = new Counter({
      name: 'externalsecret_sync_calls_total',
      help: 'Total number of the External Secret sync calls',
      labelNames: [...labels.names],
      registers,
    });
    this.#errors = new Counter({
      name: 'externalsecret_sync_calls_error',
      help: 'Total number of the External Secret sync errors',
      labelNames: [...labels.names],
      registers,
    });
    this.#condition = new Gauge({
      name: 'externalsecret_status_condition',
      help: 'The status condition of a specific External Secret',
      labelNames: [...labels.names, 'condition', 'status'],
      registers,
    });
    this.#duration = new Gauge({
      name: 'externalsecret_reconcile_duration',
      help: 'Duration of the last sync of the External Secret, in nanoseconds',
      labelNames: [...labels.names],
      registers,
    });
    this.#durationSeconds = new Histogram({
      name: 'externalsecret_sync_duration_seconds',
      help: 'How long syncs take, from the first remote read to the status',
      buckets: syncBuckets,
      registers,
    });
  }

  /** @param longestOverdueMs read when somebody scrapes */
  watchOverdue(registry: Registry, longestOverdueMs: () => number): void {
    const gauge = new Gauge({
      name: 'externalsecret_refresh_overdue_seconds',
      help: 'How late the refresh is that is most overdue, of ExternalSecrets that are ready',
      registers: [],
      collect() {
        this.set(longestOverdueMs() / 1000);
      },
    });
    registry.registerMetric(gauge);
  }

  syncStarted(externalSecret: ExternalSecret): void {
    this.#calls.inc(this.#labels.of(externalSecret));
  }

  syncFailed(externalSecret: ExternalSecret): void {
    this.#errors.inc(this.#labels.of(externalSecret));
  }

  syncEnded(externalSecret: ExternalSecret, durationMs: number): void {
    this.#duration.set(this.#labels.of(externalSecret), durationMs * 1e6);
    this.#durationSeconds.observe(durationMs / 1000);
  }

  /** 1 for the status that holds, 0 for its opposite: alerts need both series. */
  conditionChanged(externalSecret: ExternalSecret, status: 'True' | 'False'): void {
    const labels = { ...this.#labels.of(externalSecret), condition: 'Ready' };
    this.#condition.set({ ...labels, status }, 1);
    this.#condition.set({ ...labels, status: status === 'True' ? 'False' : 'True' }, 0);
    // An error counter that starts with the object gives alerts a first point.
    this.#errors.inc(this.#labels.of(externalSecret), 0);
  }

  forget(key: string): void {
    const series = this.#labels.forget(key);
    for (const metric of [this.#calls, this.#errors, this.#duration]) metric.remove({ ...series });
    for (const status of ['True', 'False']) this.#condition.remove({ ...series, condition: 'Ready', status });
  }
}
