/** Metrics of the admission webhook, with controller-runtime's names. */
import { Counter, Histogram, type Registry } from 'prom-client';

export class PrometheusWebhookMetrics {
  readonly #requests: Counter;
  readonly #seconds: Histogram;

  constructor(registry: Registry) {
    this.#requests = new Counter({
      name: 'controller_runtime_webhook_requests_total',
      help: 'Total number of admission requests by HTTP status code',
      labelNames: ['webhook', 'code'],
      registers: [registry],
    });
    this.#seconds = new Histogram({
      name: 'controller_runtime_webhook_latency_seconds',
      help: 'How long admission requests take',
      labelNames: ['webhook'],
      registers: [registry],
    });
  }

  called({
    path,
    code,
    durationMs,
  }: {
    readonly path: string;
    readonly code: number;
    readonly durationMs: number;
  }): void {
    // Callers choose the path: only those that exist become a series.
    const webhook = code === 404 ? 'unknown' : path;
    this.#requests.inc({ webhook, code });
    this.#seconds.observe({ webhook }, durationMs / 1000);
  }
}
