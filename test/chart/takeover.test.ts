/** `helm upgrade` from ESO's chart to this one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { releaseNamespace } from '../support/chart.ts';
import { ChartRelease } from '../support/chartrelease.ts';
import { writeEsoChart } from '../support/esochart.ts';
import { eventually } from '../support/eventually.ts';
import { chartFolder } from '../support/helm.ts';
import { describeInstallation } from '../support/installation.ts';

const store = `
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: store, namespace: default }
spec: { provider: { fake: { data: [{ key: greeting, value: hello }] } } }
`;

const inNamespace = ['deployment', 'serviceaccount'].flatMap((kind) =>
  ['', '-webhook', '-cert-controller'].map((suffix) => `${kind}/external-secrets${suffix}`),
);
const clusterWide = ['secretstore', 'externalsecret'].map((kind) => `validatingwebhookconfiguration/${kind}-validate`);
const certificates = JSON.stringify({ data: { 'tls.crt': 'Y2VydA==' } });

await describeInstallation("a release of ESO's chart", (helm, cluster) => {
  let folder: string;
  let release: ChartRelease;

  beforeAll(async () => {
    release = new ChartRelease(helm, cluster());
    folder = await mkdtemp(join(tmpdir(), 'external-secrets-eso-chart-'));
    await release.helm('install', await writeEsoChart(folder), '--create-namespace');
    await eventually(() => kubectl(['apply', '--filename', '-'], store));
    const secret = ['secret', 'external-secrets-webhook', '--namespace', releaseNamespace];
    await kubectl(['patch', ...secret, '--type', 'merge', '--patch', certificates]);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const kubectl = (args: readonly string[], input?: string) => release.kubectl(args, input);

  /** Another one means that the object was deleted and made again. */
  async function identities(): Promise<string> {
    const format = ['--output', 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.uid}{"\\n"}{end}'];
    const parts = [
      ['get', ...inNamespace, 'secret/external-secrets-webhook', '--namespace', releaseNamespace],
      ['get', ...clusterWide],
      ['get', 'crds'],
      ['get', 'secretstores', '--all-namespaces'],
    ];
    const found: string[] = [];
    for (const part of parts) found.push(await kubectl([...part, ...format]));
    return found.join('');
  }

  it('is upgraded with every object in place, certificates and stores included', async () => {
    const before = await identities();
    expect(before.trim().split('\n')).toHaveLength(6 + 1 + 2 + 25 + 1);
    await release.helm('upgrade', chartFolder);
    expect(await identities()).toBe(before);
    const secret = ['get', 'secret', 'external-secrets-webhook', '--namespace', releaseNamespace];
    expect(await kubectl([...secret, '--output', 'jsonpath={.data.tls\\.crt}'])).toBe('Y2VydA==');
  });
});
