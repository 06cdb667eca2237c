/** The composition root of the cert-controller. */
import type { Registry } from 'prom-client';
import type { CertControllerConfig } from '../../config.ts';
import type { RotationTiming } from '../../controllers/webhookcertificate/rotation.ts';
import type { ClusterConnection } from '../../kube/connection.ts';
import { openKubeClient } from '../../kube/open.ts';
import { type AccessVerdict, reviewPathAccess } from '../../kube/reviews.ts';
import { componentRegistry } from '../../observability/metrics/process.ts';
import { PrometheusRuntimeMetrics } from '../../observability/metrics/runtime.ts';
import type { Clock } from '../../runtime/clock.ts';
import { LeaderElector } from '../../runtime/leaderelection.ts';
import type { Logger } from '../../runtime/logger.ts';
import { Manager } from '../../runtime/manager.ts';
import { Watchdog } from '../../runtime/watchdog.ts';
import { leadershipGauge } from '../operator/foundation.ts';
import { openWebhookCertificates } from './certificates.ts';

export interface CertControllerOptions {
  readonly config: CertControllerConfig;
  readonly connection: ClusterConnection;
  readonly clock: Clock;
  readonly log: Logger;
  readonly userAgent: string;
  /** Unique to this process: what it holds the lease as. */
  readonly identity: string;
  /** Default: that of production. */
  readonly timing?: RotationTiming;
}

export interface CertController {
  readonly registry: Registry;
  reviewMetricsAccess(token: string): Promise<AccessVerdict>;
  /** Why the process should be restarted; empty while it works. */
  livenessProblems(): string[];
  /** Why the webhook cannot be called; always empty while another process leads. */
  readinessProblems(): readonly string[];
  /** Works until `signal` aborts. @throws LeadershipLostError: the process must exit non-zero */
  run(signal: AbortSignal): Promise<void>;
}

/** The lease's name is ESO's: of both, one works at a time. */
const leaseName = 'crd-certs-controller';

/** Connects nothing yet: `run` does. */
export async function createCertController(options: CertControllerOptions): Promise<CertController> {
  const { config, connection, clock, log, userAgent, timing } = options;
  const registry = componentRegistry('certcontroller');
  const metrics = new PrometheusRuntimeMetrics(registry);
  const onRequest = metrics.requestMetrics(connection.server.host);
  const kube = await openKubeClient({ connection, clock, userAgent, onRequest });
  const certificates = openWebhookCertificates({ config, kube, metrics, timing, clock, log });
  const { controller, informers } = certificates;
  const elector = config.leaderElection ? leaderElector(options, kube, registry) : undefined;
  const watchdog = new Watchdog({ clock, informers, controllers: [controller] });
  const closers = [() => kube.close()];
  const manager = new Manager({ informers, controllers: [controller], elector, closers, clock, log });
  return {
    registry,
    reviewMetricsAccess: (token) => reviewPathAccess(kube, token, '/metrics'),
    livenessProblems: () => watchdog.livenessProblems(),
    readinessProblems: () => (elector?.isLeading === false ? [] : certificates.problems()),
    run: (signal) => manager.run(signal),
  };
}

function leaderElector(
  { connection, identity, clock, log }: CertControllerOptions,
  kube: ConstructorParameters<typeof LeaderElector>[0]['kube'],
  registry: Registry,
): LeaderElector {
  return new LeaderElector({
    kube,
    lease: { namespace: connection.namespace, name: leaseName },
    identity,
    clock,
    log,
    onLeading: leadershipGauge(registry, leaseName),
  });
}
