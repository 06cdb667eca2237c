/** Wires the controller of the webhook's certificate. It works alone in the cert-controller, or beside the others in the operator. */
import type { CertificatesConfig } from '../../config.ts';
import { lookOnce, webhookCertificateHandler } from '../../controllers/webhookcertificate/controller.ts';
import { WebhookReadiness } from '../../controllers/webhookcertificate/readiness.ts';
import { reconcileWebhookCertificate } from '../../controllers/webhookcertificate/reconcile.ts';
import { defaultTiming, type RotationTiming } from '../../controllers/webhookcertificate/rotation.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { PrometheusRuntimeMetrics } from '../../observability/metrics/runtime.ts';
import type { Clock } from '../../runtime/clock.ts';
import { Controller } from '../../runtime/controller.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { ManagedInformer } from '../../runtime/manager.ts';
import { itemRateLimiter, type RateLimiterOptions } from '../../runtime/ratelimiter.ts';
import { WorkQueue } from '../../runtime/workqueue.ts';
import { createInformers, runningInformers } from './informers.ts';

export interface CertificatesOptions {
  readonly config: CertificatesConfig;
  readonly kube: KubeClient;
  readonly metrics: PrometheusRuntimeMetrics;
  /** Default: that of production. */
  readonly timing?: RotationTiming | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface WebhookCertificates {
  readonly controller: Controller;
  readonly informers: readonly ManagedInformer[];
  /** Why the webhook cannot be called; empty while it can. */
  problems(): readonly string[];
}

const name = 'webhookcertificate';
/** Writes are refused as long as this has not succeeded. */
const retries: RateLimiterOptions = { baseMs: 500, maxMs: 30_000, jitter: 0.2 };

/** Connects nothing: whoever runs the informers and the controller does. */
export function openWebhookCertificates(options: CertificatesOptions): WebhookCertificates {
  const { config, kube, metrics, timing = defaultTiming, clock, log } = options;
  const informers = createInformers({ kube, config, clock, log });
  const readiness = new WebhookReadiness(informers.endpointSlices.lister);
  const queue = new WorkQueue({ clock, metrics: metrics.queueMetrics(name), rateLimiter: itemRateLimiter(retries) });
  const { secret, service, dnsName, definitions, requeueIntervalMs } = config;
  const deps = { kube, secret, service, dnsName, definitions, requeueIntervalMs, timing, clock };
  const controller = new Controller({
    name,
    reconcile: (_key, context) => readiness.observe(() => reconcileWebhookCertificate(deps, context)),
    clock,
    log,
    queue,
    concurrency: 1,
    metrics: metrics.controllerMetrics(name),
  });
  metrics.watch(controller);
  const handler = webhookCertificateHandler(queue);
  informers.secrets.addHandler(handler);
  informers.configurations.addHandler(handler);
  lookOnce(queue);
  return { controller, informers: runningInformers(informers), problems: () => readiness.problems() };
}
