/** Metrics of remote calls: ESO's counter, and latencies in seconds. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { CallFailure, CallMetrics, CallObservation } from '../../provider/apicaller.ts';

const callBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

export class PrometheusCallMetrics implements CallMetrics {
  readonly #calls: Counter;
  readonly #failures: Counter;
  readonly #seconds: Histogram;

  constructor(registry: Registry) {
    this.#calls = new Counter({
      name: 'externalsecret_provider_api_calls_count',
      help: 'Number of API calls towards the secret provider',
      labelNames: ['provider', 'call', 'status'],
      registers: [registry],
    });
    this.#failures = new Counter({
      name: 'externalsecret_provider_api_failures_total',
      help: 'Number of failed API calls towards the secret provider by kind: notFound, denied, invalid, throttled, unavailable, timeout',
      labelNames: ['provider', 'call', 'kind'],
      registers: [registry],
    });
    this.#seconds = new Histogram({
      name: 'externalsecret_provider_api_call_duration_seconds',
      help: 'How long API calls towards the secret provider take',
      labelNames: ['provider', 'call'],
      buckets: callBuckets,
      registers: [registry],
    });
  }

  observeCall({ backend, call, status, durationMs }: CallObservation): void {
    this.#calls.inc({ provider: backend, call, status });
    this.#seconds.observe({ provider: backend, call }, durationMs / 1000);
  }

  observeFailure({ backend, call, kind }: CallFailure): void {
    this.#failures.inc({ provider: backend, call, kind });
  }
}
