/** Runs the admission webhook. */
import type { WebhookConfig } from '../config.ts';
import { healthEndpoint } from '../observability/health.ts';
import { createLogger } from '../observability/logger.ts';
import { componentRegistry } from '../observability/metrics/process.ts';
import { PrometheusWebhookMetrics } from '../observability/metrics/webhook.ts';
import { serve } from '../observability/server.ts';
import { loadAll } from '../provider/registry.ts';
import { providers } from '../providers/registry.generated.ts';
import { realClock } from '../runtime/clock.ts';
import { version } from '../version.ts';
import { CertificateWatch } from '../webhook/certificatewatch.ts';
import { serveWebhook } from '../webhook/server.ts';
import { validatorsByPath } from '../webhook/validators.ts';
import { openMetrics } from './metricsendpoint.ts';
import { shutdownSignal } from './shutdownsignal.ts';

/** As long as ESO waits for the cert-controller to fill the Secret. */
const certificateTimeoutMs = 120_000;

/** Runs until SIGTERM or SIGINT. @throws when there is no certificate in time, or an address is taken */
export async function runWebhook(config: WebhookConfig): Promise<void> {
  const clock = realClock;
  const log = createLogger(config.log);
  const registry = componentRegistry('webhook');
  const metrics = new PrometheusWebhookMetrics(registry);
  const stop = shutdownSignal(log);
  const { port, host } = config;
  const validators = validatorsByPath(await loadAll(providers));
  metrics.serves(validators.keys());
  const server = await serveWebhook({
    port,
    ...(host !== undefined && { host }),
    validators,
    onCall: (call) => metrics.called(call),
    log,
  });
  const watch = new CertificateWatch({ ...config.certificate, onLoaded: (tls) => server.serveWith(tls), clock, log });
  metrics.watchCertificate(registry, () => watch.notAfterMs);
  const readyz = healthEndpoint(() => (watch.problem === undefined ? [] : [watch.problem]));
  const endpoints = { '/healthz': healthEndpoint(() => []), '/readyz': readyz };
  const health = await serve({ address: config.healthAddress, endpoints });
  const metricsServer = await openMetrics(config.metrics, registry, undefined);
  log.info({ version, port: server.port }, 'webhook starting');
  try {
    await watch.whenLoaded(certificateTimeoutMs, stop);
    await watch.run(stop);
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    await Promise.all([server.close(), health.close(), metricsServer?.close()]);
  }
}
