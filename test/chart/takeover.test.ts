/** `helm upgrade` from ESO's chart to this one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { release, releaseNamespace } from '../support/chart.ts';
import { writeEsoChart } from '../support/esochart.ts';
import { eventually } from '../support/eventually.ts';
import { chartFolder } from '../support/helm.ts';
import { describeInstallation } from '../support/installation.ts';
import { runKubectl } from '../support/kubectl.ts';

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

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'external-secrets-eso-chart-'));
    await runHelm('install', await writeEsoChart(folder), '--create-namespace');
    await eventually(() => kubectl(['apply', '--filename', '-'], store));
    const secret = ['secret', 'external-secrets-webhook', '--namespace', releaseNamespace];
    await kubectl(['patch', ...secret, '--type', 'merge', '--patch', certificates]);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function kubectl(args: readonly string[], input?: string): Promise<string> {
    const options = { kubeconfigPath: cluster().kubeconfigPath, input };
    const { code, stdout, stderr } = await runKubectl([cluster().binary, 'kubectl'], args, options);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }

  async function runHelm(command: string, chart: string, ...args: readonly string[]): Promise<void> {
    const given = [command, release, chart, '--namespace', releaseNamespace, ...args];
    expect(await helm(given, { KUBECONFIG: cluster().kubeconfigPath })).toMatchObject({ code: 0 });
  }

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
    await runHelm('upgrade', chartFolder);
    expect(await identities()).toBe(before);
    const secret = ['get', 'secret', 'external-secrets-webhook', '--namespace', releaseNamespace];
    expect(await kubectl([...secret, '--output', 'jsonpath={.data.tls\\.crt}'])).toBe('Y2VydA==');
  });
});
