/** The HTTP endpoints of the controller: /metrics on one address, /healthz and /readyz on another. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControllerConfig, MetricsConfig } from '../config.ts';
import { guarded, type TokenVerdict } from '../observability/guarded.ts';
import { healthEndpoint } from '../observability/health.ts';
import { type Endpoint, type RunningServer, serve } from '../observability/server.ts';
import { realClock } from '../runtime/clock.ts';
import type { Operator } from './operator/operator.ts';

export interface Endpoints {
  /** Absent where an endpoint is turned off. */
  readonly metricsPort: number | undefined;
  readonly livePort: number | undefined;
  close(): Promise<void>;
}

/** @throws when an address cannot be listened on */
export async function openEndpoints(config: ControllerConfig, operator: Operator): Promise<Endpoints> {
  const metrics = await openMetrics(config.metrics, operator);
  const live = isOff(config.liveAddress)
    ? undefined
    : await serve({ address: config.liveAddress, endpoints: health(operator) });
  return {
    metricsPort: metrics?.port,
    livePort: live?.port,
    async close() {
      await Promise.all([metrics?.close(), live?.close()]);
    },
  };
}

/** controller-runtime's way to turn an endpoint off. */
function isOff(address: string): boolean {
  return address === '0' || address === '';
}

function health(operator: Operator): Readonly<Record<string, Endpoint>> {
  const healthz = healthEndpoint(() => operator.livenessProblems());
  const readyz = healthEndpoint(() => operator.readinessProblems());
  return { '/healthz': healthz, '/readyz': readyz };
}

async function openMetrics(config: MetricsConfig, operator: Operator): Promise<RunningServer | undefined> {
  if (isOff(config.address)) return undefined;
  const { registry } = operator;
  const metrics: Endpoint = async () => ({
    status: 200,
    body: await registry.metrics(),
    contentType: registry.contentType,
  });
  const review = (token: string): Promise<TokenVerdict> => operator.reviewMetricsAccess(token);
  const endpoint = config.auth ? guarded(metrics, { review, clock: realClock }) : metrics;
  return serve({ address: config.address, endpoints: { '/metrics': endpoint }, tls: await tlsOf(config) });
}

async function tlsOf({
  secure,
  certDir,
  certName,
  keyName,
}: MetricsConfig): Promise<{ cert: Buffer; key: Buffer } | undefined> {
  if (!secure) return undefined;
  return { cert: await readFile(join(certDir, certName)), key: await readFile(join(certDir, keyName)) };
}
