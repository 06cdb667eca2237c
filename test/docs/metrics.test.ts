/** docs/metrics.md lists what the components export, with types and labels, and nothing else. */
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leadershipGauge } from '../../src/cmd/operator/foundation.ts';
import { PrometheusWebhookMetrics } from '../../src/observability/metrics/webhook.ts';
import { readMarkdown } from '../support/markdown.ts';
import { Workspace } from '../support/workspace.ts';
import { startWorld, type World } from '../support/world.ts';

interface Exported {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

const documented = [...readMarkdown('docs/metrics.md').matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*)\|/gm)].map(
  ([, name = '', type = '', labels = '']) => ({
    name,
    type,
    labels: labels
      .replaceAll('*', '')
      .split(',')
      .map((label) => label.trim())
      .filter((label) => label !== ''),
  }),
);

describe('docs/metrics.md', () => {
  let world: World;
  let space: Workspace;
  let exported: readonly Exported[];

  beforeAll(async () => {
    world = await startWorld();
    space = await Workspace.open(world);
    await space.start({ flags: { 'enable-work-sharing': true } });
    exported = [...exportedBy(space.operator.registry), ...exportedBy(webhookRegistry())];
  });

  afterAll(async () => {
    await space.close();
    await world.stop();
  });

  it('names every metric, with its type and labels', () => {
    expect(exported.length).toBeGreaterThan(0);
    for (const metric of exported) expect(documented).toContainEqual(metric);
  });

  it('names no other', () => {
    const names = exported.map(({ name }) => name);
    expect(documented.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
  });
});

/** What depends on flags is registered by hand. */
function webhookRegistry(): Registry {
  const registry = new Registry();
  new PrometheusWebhookMetrics(registry).watchCertificate(registry, () => undefined);
  leadershipGauge(registry, 'lease');
  return registry;
}

/** But for those that every Node process has. */
function exportedBy(registry: Registry): readonly Exported[] {
  const types = ['counter', 'gauge', 'histogram', 'summary'];
  return registry
    .getMetricsAsArray()
    .filter(({ name }) => !/^(nodejs|process)_/.test(name))
    .map((metric) => {
      // The library's types leave these two members out.
      const { type, labelNames } = metric as unknown as { type: string | number; labelNames?: readonly string[] };
      return { name: metric.name, type: types[Number(type)] ?? String(type), labels: labelNames ?? [] };
    });
}
