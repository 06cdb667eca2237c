/** Alerts and dashboard ask for what the components export, in queries that Prometheus takes, and the alerts fire. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { filledIn, readDashboard } from '../dashboard/dashboard.ts';
import { find, render } from '../support/chart.ts';
import { findProgram, type Program } from '../support/debian.ts';
import { type Component, RunningComponents } from '../support/exports.ts';
import { describeHelm } from '../support/helm.ts';
import { startWorld, type World } from '../support/world.ts';

const files = new URL('../../charts/external-secrets/files/', import.meta.url);
const alerts = await readFile(new URL('alerts.yaml', files), 'utf8');
const found = await findProgram('prometheus', 'usr/bin/promtool');
const alertTests = await readFile(new URL('data/alerts_test.yaml', import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook: string };
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

interface AlertTests {
  readonly tests: readonly {
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
  }[];
}

const rules = (parse(alerts) as Rules).groups.flatMap((group) => group.rules);
const dashboard = await readDashboard();
const queries = [
  ...rules.map(({ alert, expr }) => [`the alert ${alert}`, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [`the panel "${title}"`, filledIn(expr, dashboard)] as const),
  ),
];

/** Names and units that promtool would have otherwise, and why they stay. */
const namedByOthers = [
  'externalsecret_provider_api_calls_count', // ESO's: a counter without _total
  'externalsecret_reconcile_duration', // ESO's: nanoseconds, and no unit in the name
  'secretstore_reconcile_duration', // The same
  'clustersecretstore_reconcile_duration', // The same
  'nodejs_', // prom-client's, which dashboards for Node know
  'process_', // The same
];

/** Those that the recorded series see fire. */
function firingAlerts(): readonly string[] {
  const { tests } = parse(alertTests) as AlertTests;
  const cases = tests.flatMap(({ alert_rule_test: alertCases }) => alertCases);
  return cases.filter((alertCase) => alertCase.exp_alerts.length > 0).map(({ alertname }) => alertname);
}

describe('what is asked for is exported', () => {
  let world: World;
  let components: RunningComponents;
  let exported: ReadonlySet<string>;

  beforeAll(async () => {
    world = await startWorld();
    components = await RunningComponents.start(world.kubeconfigPath);
    const scraped: string[] = [];
    for (const component of ['controller', 'webhook'] as const) scraped.push(await components.scrape(component));
    exported = new Set([...scraped.join('\n').matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? ''));
  });

  afterAll(async () => {
    await components.stop();
    await world.stop();
  });

  it.each(queries)('by %s', (_, expr) => {
    const names = expr.replaceAll(/"[^"]*"/g, '').matchAll(/\b[a-z]+(?:_[a-z]+)+\b(?!\()/g);
    const asked = Array.from(names, ([name]) => name.replace(/_bucket$/, ''));
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((name) => !exported.has(name))).toEqual([]);
  });

  describePromtool('promtool finds no fault in the metrics', (promtool) => {
    it.each<Component>(['controller', 'webhook', 'certcontroller'])(
      'of the %s but those of other names',
      async (component) => {
        const { output } = await promtool(['check', 'metrics'], await components.scrape(component));
        const faults = output
          .split('\n')
          .filter((line) => line !== '' && !namedByOthers.some((name) => line.startsWith(name)));
        expect(faults).toEqual([]);
      },
    );
  });
});

it('says for each alert where to read on', async () => {
  const page = await readFile(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8');
  const anchors = new Set(Array.from(page.matchAll(/^### (\w+)$/gm), ([, title = '']) => title.toLowerCase()));
  for (const { alert, annotations } of rules) {
    expect(annotations.runbook).toBe(`docs/troubleshooting.md#${alert.toLowerCase()}`);
    expect(anchors).toContain(alert.toLowerCase());
  }
});

describePromtool('promtool', (promtool) => {
  it('takes every query', async () => {
    const recording = queries.map(([, expr], index) => ({
      record: `query:${index}`,
      expr: expr,
    }));
    const file = await fileWith('queries.yaml', stringify({ groups: [{ name: 'queries', rules: recording }] }));
    expect(await promtool(['check', 'rules', file])).toMatchObject({ code: 0 });
  });

  it('sees each alert fire when something is wrong, and none when nothing is', async () => {
    const named = new Set(firingAlerts());
    expect(rules.map(({ alert }) => alert).filter((alert) => !named.has(alert))).toEqual([]);
    expect(await testAlerts(alerts)).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') });
  });

  it('would see one that never fires', async () => {
    expect(alerts).toContain('> 300');
    expect(await testAlerts(alerts.replaceAll('> 300', '> 1e12'))).toMatchObject({ code: 1 });
  });

  async function testAlerts(text: string) {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'alerts.yaml'), text);
    await writeFile(join(folder, 'alerts_test.yaml'), alertTests);
    return promtool(['test', 'rules', join(folder, 'alerts_test.yaml')]);
  }
});

await describeHelm('the chart with prometheusRule.enabled', (helm) => {
  describePromtool('renders', (promtool) => {
    it('rules that promtool takes, all of them', async () => {
      const args = ['--set', 'prometheusRule.enabled=true', '--set', 'prometheusRule.renderMode=alwaysRender'];
      const { spec } = find(await render(helm, ...args), 'PrometheusRule', 'external-secrets');
      const file = await fileWith('rendered.yaml', stringify(spec));
      const success = `SUCCESS: ${rules.length} rules found`;
      expect(await promtool(['check', 'rules', file])).toMatchObject({
        code: 0,
        output: expect.stringContaining(success),
      });
    });
  });
});

/** Defines a suite that needs promtool, or skips it and says what is missing. */
function describePromtool(title: string, define: (promtool: Program) => void): void {
  if (typeof found !== 'string') describe(title, () => define(found));
  else describe.skip(`${title} (${found})`, () => define(() => Promise.reject(new Error(found))));
}

async function fileWith(name: string, text: string): Promise<string> {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, text);
  return file;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'external-secrets-promtool-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
