/** The policies of `test/acceptance/manifests`, as a team wrote them for ESO, around a release of this chart. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { releaseNamespace } from '../support/chart.ts';
import { ChartRelease } from '../support/chartrelease.ts';
import { chartFolder } from '../support/helm.ts';
import { describeInstallation } from '../support/installation.ts';

const manifests = new URL('../acceptance/manifests/', import.meta.url);
const networkPolicy = new URL('network-policy.yaml', manifests);
const rbac = new URL('rbac.yaml', manifests);

interface NetworkPolicy {
  readonly spec: {
    readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly ingress: readonly { readonly ports: readonly { readonly port: number }[] }[];
  };
}

interface Deployment {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly {
          readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
        }[];
      };
    };
  };
}

await describeInstallation('around a release', (helm, cluster) => {
  let release: ChartRelease;
  let deployments: readonly Deployment[];

  beforeAll(async () => {
    release = new ChartRelease(helm, cluster());
    for (const namespace of [releaseNamespace, 'production']) await release.kubectl(['create', 'namespace', namespace]);
    await release.helm('install', chartFolder);
    const list = ['get', 'deployments', '--namespace', releaseNamespace, '--output', 'json'];
    ({ items: deployments } = JSON.parse(await release.kubectl(list)) as { readonly items: readonly Deployment[] });
    for (const file of [networkPolicy, rbac]) await release.kubectl(['apply', '-f', '-'], await readFile(file, 'utf8'));
  });

  it('network-policy.yaml is about the pods of the controller, and leaves the webhook to the API server', async () => {
    const { spec } = parse(await readFile(networkPolicy, 'utf8')) as NetworkPolicy;
    const wanted = Object.entries(spec.podSelector.matchLabels);
    const selected = deployments.filter(({ spec: { template } }) =>
      wanted.every(([label, value]) => template.metadata.labels[label] === value),
    );
    expect(selected.map(({ metadata }) => metadata.name)).toEqual(['external-secrets']);
  });

  it('network-policy.yaml lets in who scrapes, at the port where the controller listens', async () => {
    const { spec } = parse(await readFile(networkPolicy, 'utf8')) as NetworkPolicy;
    const controller = deployments.find(({ metadata }) => metadata.name === 'external-secrets');
    const listening = controller?.spec.template.spec.containers.flatMap(({ ports }) => ports) ?? [];
    expect(listening).toMatchObject([{ name: 'metrics' }]);
    expect(spec.ingress.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([listening[0]?.containerPort]);
  });

  it('rbac.yaml lets a developer see ExternalSecrets, and no Secret but those it names', async () => {
    const binding = ['create', 'rolebinding', 'developer', '--role=app-secret-access', '--user=developer'];
    await release.kubectl([...binding, '--namespace', 'production']);
    const may = async (verb: string, what: string): Promise<string> => {
      const asked = ['auth', 'can-i', verb, what, '--namespace', 'production', '--as', 'developer'];
      return (await release.kubectl(asked).catch(() => 'no')).trim();
    };
    expect(await may('list', 'externalsecrets.external-secrets.io')).toBe('yes');
    expect(await may('watch', 'externalsecrets.external-secrets.io')).toBe('yes');
    expect(await may('update', 'externalsecrets.external-secrets.io')).toBe('no');
    expect(await may('get', 'secrets/postgres-credentials')).toBe('no');
    expect(await may('list', 'secretstores.external-secrets.io')).toBe('no');
  });
});
