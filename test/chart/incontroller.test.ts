/**
 * One Deployment that is controller and webhook: its process under its ServiceAccount, its certificate as the kubelet
 * would mount it, and the API server calling it by the name of the Service.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Secret } from '../../src/kube/resources.ts';
import { callsOf } from '../support/audit.ts';
import { releaseNamespace } from '../support/chart.ts';
import { ChartRelease, type ReleasedProcess } from '../support/chartrelease.ts';
import { freePorts } from '../support/controlplane.ts';
import { eventually } from '../support/eventually.ts';
import { chartFolder } from '../support/helm.ts';
import { describeInstallation } from '../support/installation.ts';
import { createWebhookFiles, type WebhookFiles } from '../support/webhookfiles.ts';
import { decoded } from '../support/workspace.ts';

const store = `
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: store, namespace: team }
spec: { provider: { fake: { data: [{ key: greeting, value: hello }] } } }
`;
const greeting = (spec: string): string => `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: greeting, namespace: team }
spec: { secretStoreRef: { name: store }, ${spec} }
`;

await describeInstallation('a controller that is the webhook', (helm, cluster) => {
  let release: ChartRelease;
  let process: ReleasedProcess;
  let mounted: WebhookFiles;
  let readyUrl: string;

  beforeAll(async () => {
    release = new ChartRelease(helm, cluster());
    for (const namespace of [releaseNamespace, 'team']) await release.kubectl(['create', 'namespace', namespace]);
    await release.helm('install', chartFolder, '--set', 'webhook.inController=true,leaderElect=true');
    mounted = await createWebhookFiles();
    const [port = 0, live] = await freePorts(2);
    const flags = ['--metrics-addr=0', `--live-addr=127.0.0.1:${live}`, `--webhook-port=${port}`];
    process = await release.start('external-secrets', [...flags, `--webhook-cert-dir=${mounted.folder}`]);
    readyUrl = `http://127.0.0.1:${live}/readyz`;
    await leadServiceTo(port);
  });

  afterAll(async () => {
    await process.end();
    await mounted.remove();
  });

  /** There is no network of Services here: the Service names this host, and the configurations its port. */
  async function leadServiceTo(port: number): Promise<void> {
    const here = { spec: { type: 'ExternalName', externalName: 'localhost', clusterIP: null, clusterIPs: null } };
    const inRelease = ['--namespace', releaseNamespace];
    await release.kubectl([...inRelease, 'patch', 'service', 'external-secrets-webhook', '-p', JSON.stringify(here)]);
    for (const [name, webhooks] of [
      ['secretstore-validate', 2],
      ['externalsecret-validate', 1],
    ] as const) {
      const patch = Array.from({ length: webhooks }, (_, index) => ({
        op: 'add',
        path: `/webhooks/${index}/clientConfig/service/port`,
        value: port,
      }));
      const type = ['--type', 'json', '-p', JSON.stringify(patch)];
      await release.kubectl(['patch', 'validatingwebhookconfiguration', name, ...type]);
    }
  }

  const apply = (manifest: string): Promise<string> => release.kubectl(['apply', '-f', '-'], manifest);

  it('is the only Deployment', async () => {
    const deployments = ['get', 'deployments', '--namespace', releaseNamespace, '-o', 'name'];
    expect(await release.kubectl(deployments)).toBe('deployment.apps/external-secrets\n');
  });

  it('is not ready before it can be called, and says why', async () => {
    await eventually(async () => {
      const answer = await fetch(readyUrl);
      expect(answer.status).toBe(500);
      expect(await answer.text()).toContain('webhook: ');
    });
    await expect(apply(store)).rejects.toThrow('failed calling webhook');
  });

  it('makes its certificate, and is ready once that is mounted', async () => {
    await eventually(async () => {
      const { data } = (await release.get('secret', 'external-secrets-webhook')) as Secret;
      expect(Object.keys(data ?? {})).toContain('tls.crt');
      await mounted.write(decoded(data));
    });
    await eventually(async () => expect((await fetch(readyUrl)).status).toBe(200), 30_000);
  });

  it('judges what is written, and does the work of a controller', async () => {
    await eventually(() => apply(store));
    const denied = /validate\.externalsecret\.external-secrets\.io" denied/;
    // The API server learns of each configuration's authority in its own time.
    await eventually(() => expect(apply(greeting('data: []'))).rejects.toThrow(denied));
    await apply(greeting('data: [{ secretKey: word, remoteRef: { key: greeting } }]'));
    const word = ['get', 'secret', 'greeting', '--namespace', 'team', '-o', 'jsonpath={.data.word}'];
    await eventually(async () => expect(await release.kubectl(word)).toBe('aGVsbG8='));
  });

  it('asks for nothing that the chart does not grant', async () => {
    const calls = await callsOf(cluster().auditLogPath, `${releaseNamespace}:external-secrets`);
    expect(calls.filter(({ code }) => code === 403)).toEqual([]);
    expect(process.log).not.toMatch(/forbidden/i);
  });

  it('ends in order', async () => {
    expect(await process.end()).toBe(0);
  });
});
