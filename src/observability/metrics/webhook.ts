/** Metrics of the admission webhook, with controller-runtime's names. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

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

  /** Series of these paths start at 0, so that rates have a first point. */
  serves(paths: Iterable<string>): void {
    for (const webhook of paths) {
      for (const code of [200, 500]) this.#requests.inc({ webhook, code }, 0);
      this.#seconds.zero({ webhook });
    }
  }

  /** @param notAfterMs when the certificate ends, in milliseconds since 1970; read when somebody scrapes */
  watchCertificate(registry: Registry, notAfterMs: () => number | undefined): void {
    const gauge = new Gauge({
      name: 'external_secrets_webhook_certificate_not_after_seconds',
      help: 'When the certificate that the webhook serves with ends, in seconds since 1970',
      registers: [],
      collect() {
        this.reset();
        const endsAtMs = notAfterMs();
        if (endsAtMs !== undefined) this.set(endsAtMs / 1000);
      },
    });
    registry.registerMetric(gauge);
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
