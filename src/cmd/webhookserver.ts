/** The admission webhook as a part: its server, its certificate, its metrics. Runs alone or within the controller. */
import type { Registry } from 'prom-client';
import type { WebhookServerConfig } from '../config.ts';
import { PrometheusWebhookMetrics } from '../observability/metrics/webhook.ts';
import { loadAll } from '../provider/registry.ts';
import { providers } from '../providers/registry.generated.ts';
import { type Clock, sleep } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { CertificateWatch } from '../webhook/certificatewatch.ts';
import { serveWebhook } from '../webhook/server.ts';
import { validatorsByPath } from '../webhook/validators.ts';

export interface OpenWebhook {
  readonly port: number;
  /** Why no call can be answered; empty while all is well. */
  problems(): readonly string[];
  /**
   * Follows the certificate's files until `signal` aborts; calls are answered for some seconds more, since the API
   * server still makes them: a pod that is told to stop is taken out of its Service a moment later.
   * @param timeoutMs default: waits for the first certificate as long as it takes
   * @throws when there is no certificate after `timeoutMs`
   */
  run(signal: AbortSignal, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

export interface WebhookOptions {
  readonly config: WebhookServerConfig;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Logger;
}

const lastCallsMs = 3_000;

/** Listens at once; calls are answered from the first certificate on. @throws when the port is taken */
export async function openWebhook({ config, registry, clock, log }: WebhookOptions): Promise<OpenWebhook> {
  const { port, host, certificate } = config;
  const metrics = new PrometheusWebhookMetrics(registry);
  const validators = validatorsByPath(await loadAll(providers));
  metrics.serves(validators.keys());
  const server = await serveWebhook({
    port,
    ...(host !== undefined && { host }),
    validators,
    onCall: (call) => metrics.called(call),
    log,
  });
  let isEnding = false;
  const watch = new CertificateWatch({ ...certificate, onLoaded: (tls) => server.serveWith(tls), clock, log });
  metrics.watchCertificate(registry, () => watch.notAfterMs);
  return {
    port: server.port,
    problems() {
      if (isEnding) return ['webhook: shutting down'];
      return watch.problem === undefined ? [] : [`webhook: ${watch.problem}`];
    },
    async run(signal, timeoutMs = Number.POSITIVE_INFINITY) {
      try {
        await watch.whenLoaded(timeoutMs, signal);
        await watch.run(signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      isEnding = true;
      server.retire();
      await sleep(clock, lastCallsMs);
    },
    close: () => server.close(),
  };
}
