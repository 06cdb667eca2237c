/** `helm upgrade` from ESO's chart to this one, and back. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { releaseNamespace } from '../support/chart.ts';
import { ChartRelease } from '../support/chartrelease.ts';
import { freePorts } from '../support/controlplane.ts';
import { writeEsoChart } from '../support/esochart.ts';
import { eventually } from '../support/eventually.ts';
import { chartFolder } from '../support/helm.ts';
import { describeInstallation } from '../support/installation.ts';

const store = `
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: store, namespace: default }
spec: { provider: { fake: { data: [{ key: all, value: '{"b":"hi","a":""}' }] } } }
`;

/** An ExternalSecret and its Secret as ESO 2.9 leaves them; the hashes are its own. */
const externalSecret = `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: my-es, namespace: default, annotations: { k: v } }
spec:
  refreshInterval: 2h
  secretStoreRef: { name: store }
  dataFrom: [{ extract: { key: all } }]
`;
const secretOf = (uid: string): string => `
apiVersion: v1
kind: Secret
metadata:
  name: my-es
  namespace: default
  labels:
    reconcile.external-secrets.io/managed: "true"
    reconcile.external-secrets.io/created-by: b8464376b5fe3535e690594280bfe59b60be2603cb6cbb6d6c8bcbb4
  annotations:
    k: v
    reconcile.external-secrets.io/data-hash: 1502c667c51473986903f433f5b890c4894c7a52d989ccf189512419
  ownerReferences:
    - { apiVersion: external-secrets.io/v1, kind: ExternalSecret, name: my-es, uid: ${uid}, controller: true, blockOwnerDeletion: true }
type: Opaque
data: { b: aGk=, a: "" }
`;
const status = {
  binding: { name: 'my-es' },
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'SecretSynced',
      message: 'secret synced',
      lastTransitionTime: new Date().toISOString(),
    },
  ],
  syncedResourceVersion: '1-ee72192f951cf36223a27456a332a773d0ff679ad46c926e6904e933',
};

const inNamespace = ['deployment', 'serviceaccount'].flatMap((kind) =>
  ['', '-webhook', '-cert-controller'].map((suffix) => `${kind}/external-secrets${suffix}`),
);
const alsoInNamespace = ['secret/external-secrets-webhook', 'service/external-secrets-webhook'].concat(
  ['role', 'rolebinding'].map((kind) => `${kind}/external-secrets-leaderelection`),
);
const clusterWide = [
  ...['secretstore', 'externalsecret'].map((kind) => `validatingwebhookconfiguration/${kind}-validate`),
  ...['controller', 'view', 'edit', 'servicebindings', 'cert-controller'].map(
    (name) => `clusterrole/external-secrets-${name}`,
  ),
  ...['controller', 'cert-controller'].map((name) => `clusterrolebinding/external-secrets-${name}`),
];
const certificates = JSON.stringify({ data: { 'tls.crt': 'Y2VydA==' } });

await describeInstallation("a release of ESO's chart", (helm, cluster) => {
  let folder: string;
  let esoChart: string;
  let release: ChartRelease;

  beforeAll(async () => {
    release = new ChartRelease(helm, cluster());
    folder = await mkdtemp(join(tmpdir(), 'external-secrets-eso-chart-'));
    esoChart = await writeEsoChart(folder);
    await release.helm('install', esoChart, '--create-namespace');
    await eventually(() => kubectl(['apply', '--filename', '-'], store));
    await leaveAsEsoDoes();
    const secret = ['secret', 'external-secrets-webhook', '--namespace', releaseNamespace];
    await kubectl(['patch', ...secret, '--type', 'merge', '--patch', certificates]);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const kubectl = (args: readonly string[], input?: string) => release.kubectl(args, input);

  async function leaveAsEsoDoes(): Promise<void> {
    await kubectl(['create', '--filename', '-'], externalSecret);
    const object = ['externalsecret', 'my-es', '--namespace', 'default'];
    const synced = { status: { ...status, refreshTime: new Date().toISOString() } };
    const patch = ['--subresource=status', '--type', 'merge', '--patch', JSON.stringify(synced)];
    await kubectl(['patch', ...object, ...patch]);
    const uid = await kubectl(['get', ...object, '--output', 'jsonpath={.metadata.uid}']);
    const manager = '--field-manager=externalsecrets.external-secrets.io/my-es';
    await kubectl(['create', manager, '--filename', '-'], secretOf(uid));
  }

  /** It changes with every write. */
  const versionOf = (kind: string, name: string): Promise<string> =>
    kubectl(['get', kind, name, '--namespace', 'default', '--output', 'jsonpath={.metadata.resourceVersion}']);

  /** Another one means that the object was deleted and made again. */
  async function identities(): Promise<string> {
    const format = ['--output', 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.uid}{"\\n"}{end}'];
    const parts = [
      ['get', ...inNamespace, ...alsoInNamespace, '--namespace', releaseNamespace],
      ['get', ...clusterWide],
      ['get', 'crds'],
      ['get', 'secretstores,externalsecrets', '--all-namespaces'],
      ['get', 'secrets', '--namespace', 'default', '--field-selector', 'metadata.name=my-es'],
    ];
    const found: string[] = [];
    for (const part of parts) found.push(await kubectl([...part, ...format]));
    return found.join('');
  }

  it('is upgraded with every object in place, certificates and stores included', async () => {
    const before = await identities();
    expect(before.trim().split('\n')).toHaveLength(6 + 4 + 9 + 25 + 2 + 1);
    await release.helm('upgrade', chartFolder);
    expect(await identities()).toBe(before);
    const secret = ['get', 'secret', 'external-secrets-webhook', '--namespace', releaseNamespace];
    expect(await kubectl([...secret, '--output', 'jsonpath={.data.tls\\.crt}'])).toBe('Y2VydA==');
  });

  it('is gone on with by the operator, which rewrites no Secret', async () => {
    const before = [await versionOf('secret', 'my-es'), await versionOf('externalsecret', 'my-es')];
    const [live, metrics] = (await freePorts(2)).map((port) => `127.0.0.1:${port}`);
    const operator = await release.start('external-secrets', [`--live-addr=${live}`, `--metrics-addr=${metrics}`]);
    onTestFinished(async () => void (await operator.end()));
    await eventually(async () => {
      expect((await fetch(`http://${live}/readyz`)).status).toBe(200);
      expect(await (await fetch(`http://${metrics}/metrics`)).text()).toMatch(
        /controller_runtime_reconcile_total\{controller="externalsecret",result="\w+"\} [1-9]/,
      );
    });
    expect([await versionOf('secret', 'my-es'), await versionOf('externalsecret', 'my-es')]).toEqual(before);
    await kubectl(['delete', 'secret', 'my-es', '--namespace', 'default']);
    const word = ['get', 'secret', 'my-es', '--namespace', 'default', '--output', 'jsonpath={.data.b}'];
    await eventually(async () => expect(await kubectl(word)).toBe('aGk='));
  });

  it("is upgraded back to ESO's chart, with every object in place again", async () => {
    const before = await identities();
    await release.helm('upgrade', esoChart);
    expect(await identities()).toBe(before);
  });
});
