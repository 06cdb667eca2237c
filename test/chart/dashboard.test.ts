/** The dashboard shows something: each panel's queries are answered by a Prometheus that scrapes components at work. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filledIn, type Panel, readDashboard } from '../dashboard/dashboard.ts';
import { openPrometheus, type Prometheus } from '../dashboard/prometheus.ts';
import { openWork, type Work } from '../dashboard/work.ts';
import { findProgram } from '../support/debian.ts';
import { eventually } from '../support/eventually.ts';
import { RunningComponents } from '../support/exports.ts';

const dashboard = await readDashboard();
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const prometheusProgram = await findProgram('prometheus', 'usr/bin/prometheus');

/** What ESO's own dashboard asks for, in its labels: it goes on showing something. */
const dashboardsOfEso = [
  'sum by (result) (rate(controller_runtime_reconcile_total{controller="externalsecret"}[1m]))',
  'histogram_quantile(0.99, sum by (le) (rate(controller_runtime_reconcile_time_seconds_bucket{controller="externalsecret"}[1m])))',
  'sum by (controller) (controller_runtime_active_workers)',
  'sum by (webhook, code) (rate(controller_runtime_webhook_requests_total[1m]))',
  'sum by (le) (controller_runtime_webhook_latency_seconds_bucket)',
  'sum by (provider, call, status) (rate(externalsecret_provider_api_calls_count{status="error"}[1m]))',
  'sum by (name, namespace) (externalsecret_status_condition{condition="Ready", status="False"})',
  'sum by (name, namespace) (rate(externalsecret_sync_calls_error[1m]))',
  'sum by (name, namespace) (externalsecret_reconcile_duration)',
  'sum by (name) (workqueue_depth{name="externalsecret"})',
];

describe('each panel', () => {
  it('has a number of its own', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  it('has a place of its own within 24 columns', () => {
    const cells = dashboard.panels.flatMap(cellsOf);
    expect(new Set(cells).size).toBe(cells.length);
    expect(dashboard.panels.filter(({ gridPos }) => gridPos.x + gridPos.w > 24)).toEqual([]);
  });

  it('asks the chosen source, each query under a letter of its own', () => {
    for (const { targets = [] } of panels) {
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      for (const { datasource } of targets) expect(datasource.uid).toBe(`\${datasource}`);
    }
  });
});

describe.skipIf(typeof prometheusProgram === 'string')('with components at work, Prometheus has an answer', () => {
  let folder: string;
  let work: Work;
  let components: RunningComponents;
  let prometheus: Prometheus;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'external-secrets-prometheus-'));
    work = await openWork();
    components = await RunningComponents.start(work.world.kubeconfigPath, work.environment);
    const targets = {
      operator: components.address('controller'),
      webhook: components.address('webhook'),
      'cert-controller': components.address('certcontroller'),
    };
    prometheus = await openPrometheus(folder, targets, 1_000);
    // With successes, failures and throttling among it.
    await work.run(30_000);
  });

  afterAll(async () => {
    await prometheus.stop();
    await components.stop();
    await work.stop();
    await rm(folder, { recursive: true });
  });

  it.each(panels.map((panel) => [panel.title, panel] as const))('for "%s"', async (_, { targets = [] }) => {
    const expressions = targets.map(({ expr }) => filledIn(expr, dashboard));
    await eventually(async () => {
      const answers = await Promise.all(expressions.map((expr) => prometheus.instant(expr)));
      expect(finite(answers.flat()).length).toBeGreaterThan(0);
    });
  });

  it.each(dashboardsOfEso)("for a dashboard of ESO's: %s", async (expr) => {
    await eventually(async () => expect((await prometheus.instant(expr)).length).toBeGreaterThan(0));
  });

  it('of the kinds of failures that happened', async () => {
    const failures = await prometheus.instant('sum by (kind) (externalsecret_provider_api_failures_total)');
    expect(failures.map(({ labels }) => labels['kind'])).toEqual(
      expect.arrayContaining(['notFound', 'throttled', 'unavailable']),
    );
  });

  it('that tells which process is which component', async () => {
    const ours = await prometheus.instant('external_secrets_build_info');
    const named = ours.map(({ labels }) => labels['component']);
    expect(named).toHaveLength(3);
    expect(named).toEqual(expect.arrayContaining(['controller', 'webhook', 'certcontroller']));
  });
});

function finite(series: Awaited<ReturnType<Prometheus['instant']>>): typeof series {
  return series.filter(({ points }) => points.some(([, value]) => Number.isFinite(value)));
}

function cellsOf({ gridPos: { x, y, w, h } }: Panel): readonly string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
}
