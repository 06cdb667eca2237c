/** The HTTP endpoints of the controller: /metrics on one address, /healthz and /readyz on another. */
import type { ControllerConfig } from '../config.ts';
import { healthEndpoint } from '../observability/health.ts';
import { type Endpoint, serve } from '../observability/server.ts';
import { isOff, openMetrics } from './metricsendpoint.ts';
import type { Operator } from './operator/operator.ts';
import type { OpenWebhook } from './webhookserver.ts';

export interface Endpoints {
  close(): Promise<void>;
}

/** @throws when an address cannot be listened on */
export async function openEndpoints(
  config: ControllerConfig,
  operator: Operator,
  webhook: Pick<OpenWebhook, 'problems'> | undefined,
): Promise<Endpoints> {
  const metrics = await openMetrics(config.metrics, operator.registry, (token) => operator.reviewMetricsAccess(token));
  const endpoints = health(operator, webhook);
  const live = isOff(config.liveAddress) ? undefined : await serve({ address: config.liveAddress, endpoints });
  return {
    async close() {
      await Promise.all([metrics?.close(), live?.close()]);
    },
  };
}

function health(
  operator: Operator,
  webhook: Pick<OpenWebhook, 'problems'> | undefined,
): Readonly<Record<string, Endpoint>> {
  const healthz = healthEndpoint(() => operator.livenessProblems());
  const readyz = healthEndpoint(() => [...operator.readinessProblems(), ...(webhook?.problems() ?? [])]);
  return { '/healthz': healthz, '/readyz': readyz };
}
