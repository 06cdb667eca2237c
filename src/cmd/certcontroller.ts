/** Runs the cert-controller. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { CertControllerConfig } from '../config.ts';
import { loadConnection } from '../kube/config.ts';
import { healthEndpoint } from '../observability/health.ts';
import { createLogger } from '../observability/logger.ts';
import { serve } from '../observability/server.ts';
import { realClock } from '../runtime/clock.ts';
import { userAgent, version } from '../version.ts';
import { createCertController } from './certcontroller/certcontroller.ts';
import { openMetrics } from './metricsendpoint.ts';
import { shutdownSignal } from './shutdownsignal.ts';

/** Runs until SIGTERM or SIGINT. @throws when there is no cluster, an address is taken, or the lease is lost */
export async function runCertController(config: CertControllerConfig): Promise<void> {
  const clock = realClock;
  const log = createLogger(config.log);
  const connection = await loadConnection({ environment: config.environment, clock });
  const identity = `${hostname()}_${randomUUID()}`;
  log.info({ version, server: connection.server.href, secret: config.secret.name }, 'cert-controller starting');
  const controller = await createCertController({ config, connection, clock, log, userAgent, identity });
  const endpoints = {
    '/healthz': healthEndpoint(() => controller.livenessProblems()),
    '/readyz': healthEndpoint(() => controller.readinessProblems()),
  };
  const health = await serve({ address: config.healthAddress, endpoints });
  const metrics = await openMetrics(config.metrics, controller.registry, (token) =>
    controller.reviewMetricsAccess(token),
  );
  try {
    await controller.run(shutdownSignal(log));
  } finally {
    await Promise.all([health.close(), metrics?.close()]);
  }
  log.info({}, 'stopped');
}
