/** Metrics of controllers, queues and API requests, with controller-runtime's and client-go's names and buckets. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { RequestObservation } from '../../kube/requester.ts';
import type { Controller, ControllerMetrics, ReconcileResult } from '../../runtime/controller.ts';
import type { QueueMetrics } from '../../runtime/workqueue.ts';

const reconcileBuckets = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];
/** 1e-8 to 1e3 in steps of ten. */
const queueBuckets = Array.from({ length: 12 }, (_, index) => 10 ** (index - 8));
const results: readonly ReconcileResult[] = ['success', 'requeue_after', 'requeue', 'error'];

export class PrometheusRuntimeMetrics {
  readonly #reconciles: Counter;
  readonly #errors: Counter;
  readonly #terminal: Counter;
  readonly #panics: Counter;
  readonly #timeouts: Counter;
  readonly #seconds: Histogram;
  readonly #adds: Counter;
  readonly #retries: Counter;
  readonly #queueSeconds: Histogram;
  readonly #workSeconds: Histogram;
  readonly #requests: Counter;
  readonly #controllers: Controller[] = [];

  constructor(registry: Registry) {
    const counter = (name: string, help: string, labelNames: string[]): Counter =>
      new Counter({ name, help, labelNames, registers: [registry] });
    const histogram = (name: string, help: string, labelNames: string[], buckets: number[]): Histogram =>
      new Histogram({ name, help, labelNames, buckets, registers: [registry] });
    const queueLabels = ['name', 'controller'];
    this.#reconciles = counter('controller_runtime_reconcile_total', 'Total number of reconciliations per controller', [
      'controller',
      'result',
    ]);
    this.#errors = counter(
      'controller_runtime_reconcile_errors_total',
      'Total number of reconciliation errors per controller',
      ['controller'],
    );
    this.#terminal = counter(
      'controller_runtime_terminal_reconcile_errors_total',
      'Total number of terminal reconciliation errors per controller',
      ['controller'],
    );
    this.#panics = counter(
      'controller_runtime_reconcile_panics_total',
      'Total number of reconciliation panics per controller',
      ['controller'],
    );
    this.#timeouts = counter(
      'controller_runtime_reconcile_timeouts_total',
      'Total number of reconciliation timeouts per controller',
      ['controller'],
    );
    this.#seconds = histogram(
      'controller_runtime_reconcile_time_seconds',
      'Length of time per reconciliation per controller',
      ['controller'],
      reconcileBuckets,
    );
    this.#adds = counter('workqueue_adds_total', 'Total number of adds handled by workqueue', queueLabels);
    this.#retries = counter('workqueue_retries_total', 'Total number of retries handled by workqueue', queueLabels);
    this.#queueSeconds = histogram(
      'workqueue_queue_duration_seconds',
      'How long in seconds an item stays in workqueue before being requested',
      [...queueLabels, 'lane'],
      queueBuckets,
    );
    this.#workSeconds = histogram(
      'workqueue_work_duration_seconds',
      'How long in seconds processing an item from workqueue takes',
      queueLabels,
      queueBuckets,
    );
    this.#requests = counter(
      'rest_client_requests_total',
      'Number of HTTP requests, partitioned by status code, method, and host',
      ['code', 'method', 'host'],
    );
    this.#addGauges(registry);
  }

  /** Series start at 0, so that rates and alerts have a first point. */
  controllerMetrics(controller: string): ControllerMetrics {
    for (const result of results) this.#reconciles.inc({ controller, result }, 0);
    for (const metric of [this.#errors, this.#terminal, this.#panics, this.#timeouts]) metric.inc({ controller }, 0);
    const seconds = this.#seconds.labels({ controller });
    return {
      reconciled: (result, durationMs) => {
        this.#reconciles.inc({ controller, result });
        if (result === 'error') this.#errors.inc({ controller });
        seconds.observe(durationMs / 1000);
      },
      failedTerminally: () => this.#terminal.inc({ controller }),
      panicked: () => this.#panics.inc({ controller }),
      timedOut: () => this.#timeouts.inc({ controller }),
    };
  }

  queueMetrics(controller: string): QueueMetrics {
    const labels = { name: controller, controller };
    const [adds, retries] = [this.#adds.labels(labels), this.#retries.labels(labels)];
    const workSeconds = this.#workSeconds.labels(labels);
    adds.inc(0);
    retries.inc(0);
    return {
      added: () => adds.inc(),
      taken: (lane, waitedMs) => this.#queueSeconds.observe({ ...labels, lane }, waitedMs / 1000),
      done: (workedMs) => workSeconds.observe(workedMs / 1000),
      retried: () => retries.inc(),
    };
  }

  /** Levels of this controller and its queue are read when somebody scrapes. */
  watch(controller: Controller): void {
    this.#controllers.push(controller);
  }

  /** @param host of the API server */
  requestMetrics(host: string): (observation: RequestObservation) => void {
    return ({ code, method }) => this.#requests.inc({ code, method, host });
  }

  /** Levels are read when somebody scrapes. */
  #addGauges(registry: Registry): void {
    const controllers = this.#controllers;
    for (const { name, help, labelNames, read } of levels) {
      const gauge = new Gauge({
        name,
        help,
        labelNames: [...labelNames],
        registers: [],
        collect() {
          this.reset();
          for (const controller of controllers) this.set(labelsOf(controller, labelNames), read(controller));
        },
      });
      registry.registerMetric(gauge);
    }
  }
}

function labelsOf({ name }: Controller, labelNames: readonly string[]): Record<string, string> {
  return Object.fromEntries(labelNames.map((label) => [label, name]));
}

interface Level {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly read: (controller: Controller) => number;
}

const ofController = ['controller'];
const ofQueue = ['name', 'controller'];

const levels: readonly Level[] = [
  {
    name: 'controller_runtime_max_concurrent_reconciles',
    help: 'Maximum number of concurrent reconciles per controller',
    labelNames: ofController,
    read: ({ concurrency }) => concurrency,
  },
  {
    name: 'controller_runtime_active_workers',
    help: 'Number of currently used workers per controller',
    labelNames: ofController,
    read: ({ progress }) => progress.activeWorkers,
  },
  {
    name: 'workqueue_depth',
    help: 'Current depth of workqueue',
    labelNames: ofQueue,
    read: ({ queue }) => queue.snapshot().depth.urgent + queue.snapshot().depth.refresh,
  },
  {
    name: 'workqueue_delayed',
    help: 'Keys that wait for their time',
    labelNames: ofQueue,
    read: ({ queue }) => queue.snapshot().delayed,
  },
  {
    name: 'workqueue_oldest_age_seconds',
    help: 'How long the oldest ready key has waited',
    labelNames: ofQueue,
    read: ({ queue }) => queue.snapshot().oldestWaitMs / 1000,
  },
  {
    name: 'workqueue_overdue_seconds',
    help: 'How late the delayed key is that was due first: more than moments mean a lost timer',
    labelNames: ofQueue,
    read: ({ queue }) => queue.snapshot().overdueMs / 1000,
  },
  {
    name: 'workqueue_longest_running_processor_seconds',
    help: 'How many seconds has the longest running processor for workqueue been running',
    labelNames: ofQueue,
    read: ({ queue }) => queue.snapshot().longestRunningMs / 1000,
  },
  {
    name: 'workqueue_unfinished_work_seconds',
    help: 'How many seconds of work has been done that is in progress and has not been observed by work_duration',
    labelNames: ofQueue,
    read: ({ queue }) => queue.snapshot().unfinishedMs / 1000,
  },
];
