/** Runs the admission webhook. */
import type { WebhookConfig } from '../config.ts';
import type { KubeClient } from '../kube/client.ts';
import { loadConnection } from '../kube/config.ts';
import { openKubeClient } from '../kube/open.ts';
import { reviewPathAccess } from '../kube/reviews.ts';
import { healthEndpoint } from '../observability/health.ts';
import { createLogger } from '../observability/logger.ts';
import { componentRegistry } from '../observability/metrics/process.ts';
import { serve } from '../observability/server.ts';
import { realClock } from '../runtime/clock.ts';
import { userAgent, version } from '../version.ts';
import { openMetrics } from './metricsendpoint.ts';
import { shutdownSignal } from './shutdownsignal.ts';
import { openWebhook } from './webhookserver.ts';

/** As long as ESO waits for the cert-controller to fill the Secret. */
const certificateTimeoutMs = 120_000;

/** Runs until SIGTERM or SIGINT. @throws when there is no certificate in time, or an address is taken */
export async function runWebhook(config: WebhookConfig): Promise<void> {
  const log = createLogger(config.log);
  const registry = componentRegistry('webhook');
  const stop = shutdownSignal(log);
  const webhook = await openWebhook({ config, registry, clock: realClock, log });
  const endpoints = { '/healthz': healthEndpoint(() => []), '/readyz': healthEndpoint(() => webhook.problems()) };
  const health = await serve({ address: config.healthAddress, endpoints });
  const kube = config.metrics.auth ? await openCluster(config) : undefined;
  const review = kube && ((token: string) => reviewPathAccess(kube, token, '/metrics'));
  const metrics = await openMetrics(config.metrics, registry, review);
  log.info({ version, port: webhook.port }, 'webhook starting');
  try {
    await webhook.run(stop, certificateTimeoutMs);
  } finally {
    await Promise.all([webhook.close(), health.close(), metrics?.close()]);
    await kube?.close();
  }
}

/** Guarded metrics are all that the webhook needs the cluster for. @throws when there is none */
async function openCluster({ environment }: WebhookConfig): Promise<KubeClient> {
  const clock = realClock;
  return openKubeClient({ connection: await loadConnection({ environment, clock }), clock, userAgent });
}
