/** The metrics endpoint, plain or over TLS, open or guarded. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import type { MetricsConfig } from '../config.ts';
import { guarded, type TokenVerdict } from '../observability/guarded.ts';
import { type Endpoint, type RunningServer, serve } from '../observability/server.ts';
import { realClock } from '../runtime/clock.ts';

/**
 * @param review asks the cluster about a bearer token; needed for `--metrics-auth`
 * @returns undefined when the endpoint is turned off
 * @throws when the address cannot be listened on, or nobody can be asked about tokens
 */
export async function openMetrics(
  config: MetricsConfig,
  registry: Registry,
  review: ((token: string) => Promise<TokenVerdict>) | undefined,
): Promise<RunningServer | undefined> {
  if (isOff(config.address)) return undefined;
  const metrics: Endpoint = async () => ({
    status: 200,
    body: await registry.metrics(),
    contentType: registry.contentType,
  });
  if (config.auth && review === undefined) throw new Error('--metrics-auth needs a cluster to ask');
  const endpoint = config.auth && review !== undefined ? guarded(metrics, { review, clock: realClock }) : metrics;
  return serve({ address: config.address, endpoints: { '/metrics': endpoint }, tls: await tlsOf(config) });
}

/** controller-runtime's way to turn an endpoint off. */
export function isOff(address: string): boolean {
  return address === '0' || address === '';
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
