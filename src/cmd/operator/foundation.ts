/** What all controllers stand on: the API client, events, providers' clients, shared reads, metrics. */
import { Gauge, type Registry } from 'prom-client';
import type { ControllerConfig } from '../../config.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { ClusterConnection } from '../../kube/connection.ts';
import { EventRecorder } from '../../kube/events.ts';
import { openKubeClient } from '../../kube/open.ts';
import { lostEventCounter } from '../../observability/metrics/events.ts';
import { componentRegistry } from '../../observability/metrics/process.ts';
import { PrometheusCallMetrics } from '../../observability/metrics/provider.ts';
import { ResourceLabels } from '../../observability/metrics/resourcelabels.ts';
import { PrometheusRuntimeMetrics } from '../../observability/metrics/runtime.ts';
import { PrometheusSharedReadMetrics } from '../../observability/metrics/sharedreads.ts';
import type { ConnectServices } from '../../provider/connectcontext.ts';
import { SessionPool } from '../../provider/sessioncache.ts';
import { SharedReads } from '../../provider/sharedreads.ts';
import type { Clock } from '../../runtime/clock.ts';
import { Controller, type Reconcile } from '../../runtime/controller.ts';
import type { Logger } from '../../runtime/logger.ts';
import { itemRateLimiter, type RateLimiterOptions } from '../../runtime/ratelimiter.ts';
import { WorkQueue } from '../../runtime/workqueue.ts';

export interface OperatorOptions {
  readonly config: ControllerConfig;
  readonly connection: ClusterConnection;
  readonly clock: Clock;
  readonly log: Logger;
  /** Such as `external-secrets/0.1.0`. */
  readonly userAgent: string;
  /** Unique to this process: what it holds leases as. */
  readonly identity: string;
}

export interface Foundation extends OperatorOptions {
  readonly kube: KubeClient;
  readonly registry: Registry;
  readonly labels: () => ResourceLabels;
  readonly runtimeMetrics: PrometheusRuntimeMetrics;
  readonly services: ConnectServices;
  readonly sessions: SessionPool;
  readonly reads: SharedReads;
  /** By the source of the events. */
  readonly recorder: (component: string) => EventRecorder;
  readonly recorders: readonly EventRecorder[];
}

export async function layFoundation(options: OperatorOptions): Promise<Foundation> {
  const { config, connection, clock, log, userAgent } = options;
  const registry = componentRegistry('controller');
  const runtimeMetrics = new PrometheusRuntimeMetrics(registry);
  const kube = await openKubeClient({
    connection,
    clock,
    userAgent,
    rate:
      config.clientQps > 0 ? { perSecond: config.clientQps, burst: config.clientBurst || config.clientQps } : undefined,
    onRequest: runtimeMetrics.requestMetrics(connection.server.host),
  });
  const sessions = new SessionPool({ clock, log });
  const settings = { environment: config.environment, userAgent };
  const recorders: EventRecorder[] = [];
  const onLost = lostEventCounter(registry);
  return {
    ...options,
    kube,
    registry,
    labels: () => new ResourceLabels(config.extendedMetricLabels),
    runtimeMetrics,
    services: { settings, sessions, clock, log, metrics: new PrometheusCallMetrics(registry) },
    sessions,
    reads: new SharedReads({ clock, metrics: new PrometheusSharedReadMetrics(registry) }),
    recorder(component) {
      const recorder = new EventRecorder({ kube, component, clock, onLost });
      recorders.push(recorder);
      return recorder;
    },
    recorders,
  };
}

/** A queue for the controller of this name; its retries follow `retries`, ESO's by default. */
export function openQueue(foundation: Foundation, name: string, retries?: RateLimiterOptions): WorkQueue {
  const { clock, runtimeMetrics } = foundation;
  return new WorkQueue({ clock, metrics: runtimeMetrics.queueMetrics(name), rateLimiter: itemRateLimiter(retries) });
}

export function openController(
  foundation: Foundation,
  name: string,
  queue: WorkQueue,
  reconcile: Reconcile,
): Controller {
  const { clock, log, config, runtimeMetrics } = foundation;
  const metrics = runtimeMetrics.controllerMetrics(name);
  const controller = new Controller({ name, reconcile, clock, log, queue, concurrency: config.concurrent, metrics });
  runtimeMetrics.watch(controller);
  return controller;
}

/** `leader_election_master_status`, in controller-runtime's form. */
export function leadershipGauge(registry: Registry, name: string): (isLeading: boolean) => void {
  const gauge = new Gauge({
    name: 'leader_election_master_status',
    help: 'Whether this process leads: 1, or stands by: 0',
    labelNames: ['name'],
    registers: [registry],
  });
  gauge.set({ name }, 0);
  return (isLeading) => gauge.set({ name }, isLeading ? 1 : 0);
}
