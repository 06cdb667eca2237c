/** What the chart renders is what Kubernetes takes: judged by kubeconform, strictly, with the schemas of Kubernetes. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { template } from '../support/chart.ts';
import { type ChartTools, findChartTools, kubernetesVersion, writeOwnSchemas } from '../support/charttools.ts';
import { describeHelm } from '../support/helm.ts';

interface Verdict {
  readonly status: number;
  readonly resources: readonly { readonly kind: string; readonly name: string; readonly msg: string }[];
  readonly summary: Readonly<Record<'valid' | 'invalid' | 'errors' | 'skipped', number>>;
}

/** Kinds of other projects, for which there are no schemas here. */
const foreign = ['ServiceMonitor', 'PrometheusRule', 'Certificate'];

const tools = await findChartTools();
const dataFile = (name: string): string => new URL(`./data/${name}`, import.meta.url).pathname;
const set = (...values: readonly string[]): readonly string[] => values.flatMap((value) => ['--set', value]);

await describeHelm(
  'manifests of the chart',
  (helm) => {
    it.each<[string, readonly string[]]>([
      ['as it comes', []],
      ['with everything on', ['--values', dataFile('everything.yaml')]],
      ['with cert-manager', ['--values', dataFile('cert-manager.yaml')]],
      ['in one namespace', set('scopedNamespace=team', 'scopedRBAC=true')],
      ['scaled by load', set('autoscaling.enabled=true', 'autoscaling.targetCPUUtilizationPercentage=70')],
      [
        'as the acceptance installs it',
        set('installCRDs=true', 'replicaCount=2', 'serviceMonitor.enabled=true', 'webhook.replicaCount=2'),
      ],
    ])('%s', async (_, args) => {
      const { stdout } = await template(helm, ...args);
      const { resources, summary } = await judge(stdout);
      expect(resources).toEqual([]);
      expect(summary).toMatchObject({ invalid: 0, errors: 0 });
      expect(summary.valid).toBeGreaterThan(15);
    });

    it('would be refused with a field that does not exist, or a wrong type', async () => {
      const { stdout } = await template(helm, ...set('podSpecExtra.nonsense=true', 'replicaCount=2'));
      const { resources } = await judge(stdout);
      expect(resources).toMatchObject([{ kind: 'Deployment', name: 'external-secrets' }]);
      expect(resources[0]?.msg).toContain('nonsense');
    });
  },
  typeof tools === 'string' ? tools : undefined,
);

async function judge(manifests: string): Promise<Verdict> {
  const { kubeconform, schemas } = tools as ChartTools;
  const folder = await mkdtemp(join(tmpdir(), 'kubeconform-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeOwnSchemas(folder);
  await writeFile(join(folder, 'manifests.yaml'), manifests);
  const args = ['-strict', '-summary', '-output', 'json', '-kubernetes-version', kubernetesVersion];
  const own = '{{.ResourceKind}}_{{.ResourceAPIVersion}}.json';
  const locations = ['-schema-location', schemas, '-schema-location', join(folder, own)];
  const rest = ['-skip', foreign.join(','), join(folder, 'manifests.yaml')];
  return new Promise((resolve, reject) => {
    execFile(kubeconform, [...args, ...locations, ...rest], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(stdout) as Verdict);
    });
  });
}
