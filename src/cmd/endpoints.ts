/** The HTTP endpoints of the controller: /metrics on one address, /healthz and /readyz on another. */
import type { ControllerConfig } from '../config.ts';
import { healthEndpoint } from '../observability/health.ts';
import { type Endpoint, serve } from '../observability/server.ts';
import { isOff, openMetrics } from './metricsendpoint.ts';
import type { Operator } from './operator/operator.ts';

export interface Endpoints {
  close(): Promise<void>;
}

/** @throws when an address cannot be listened on */
export async function openEndpoints(config: ControllerConfig, operator: Operator): Promise<Endpoints> {
  const metrics = await openMetrics(config.metrics, operator.registry, (token) => operator.reviewMetricsAccess(token));
  const endpoints = health(operator);
  const live = isOff(config.liveAddress) ? undefined : await serve({ address: config.liveAddress, endpoints });
  return {
    async close() {
      await Promise.all([metrics?.close(), live?.close()]);
    },
  };
}

function health(operator: Operator): Readonly<Record<string, Endpoint>> {
  const healthz = healthEndpoint(() => operator.livenessProblems());
  const readyz = healthEndpoint(() => operator.readinessProblems());
  return { '/healthz': healthz, '/readyz': readyz };
}
