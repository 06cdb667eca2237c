/** The user's helm commands on a real control plane, and the operator under the permissions that they grant. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubeconfigYaml } from '../../src/devserver/kubeconfig.ts';
import { deploymentView, release, releaseNamespace } from '../support/chart.ts';
import { freePorts } from '../support/controlplane.ts';
import { eventually } from '../support/eventually.ts';
import { chartFolder } from '../support/helm.ts';
import { describeInstallation } from '../support/installation.ts';
import { runKubectl } from '../support/kubectl.ts';

const manifests = `
apiVersion: external-secrets.io/v1beta1
kind: SecretStore
metadata: { name: store, namespace: default }
spec: { provider: { fake: { data: [{ key: greeting, value: hello }] } } }
---
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata: { name: greeting, namespace: default }
spec:
  secretStoreRef: { name: store, kind: SecretStore }
  target: { name: greeting }
  data: [{ secretKey: word, remoteRef: { key: greeting } }]
`;

await describeInstallation('helm on a real control plane', (helm, cluster) => {
  let operator: ChildProcess | undefined;
  let log = '';

  beforeAll(async () => {
    await kubectl(['create', 'namespace', releaseNamespace]);
  });

  afterAll(() => {
    operator?.kill('SIGKILL');
  });

  async function kubectl(args: readonly string[], input?: string): Promise<string> {
    const options = { kubeconfigPath: cluster().kubeconfigPath, input };
    const { code, stdout, stderr } = await runKubectl([cluster().binary, 'kubectl'], args, options);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }

  /** In the namespace of the release, as a kubeconfig's context would say. */
  async function runRelease(command: string, ...args: readonly string[]): Promise<void> {
    const environment = { KUBECONFIG: cluster().kubeconfigPath, HELM_NAMESPACE: releaseNamespace };
    expect(await helm([command, release, ...args], environment)).toMatchObject({ code: 0 });
  }

  const sets = (...values: readonly string[]) => values.flatMap((value) => ['--set', value]);

  async function get(kind: string, name: string): Promise<unknown> {
    return JSON.parse(await kubectl(['get', kind, name, '--namespace', releaseNamespace, '--output', 'json']));
  }

  it('installs two replicas of controller and webhook', async () => {
    const resources = ['limits.cpu=200m', 'limits.memory=256Mi', 'requests.cpu=100m', 'requests.memory=128Mi'];
    const values = ['installCRDs=true', 'replicaCount=2', 'serviceMonitor.enabled=true', 'webhook.replicaCount=2'];
    const given = [...values, ...resources.map((value) => `resources.${value}`)];
    await runRelease('install', chartFolder, '--namespace', releaseNamespace, ...sets(...given));
    expect(deploymentView(await get('deployment', 'external-secrets'))).toMatchObject({
      replicas: 2,
      resources: { limits: { cpu: '200m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
      // What the user's network policy selects.
      labels: { 'app.kubernetes.io/name': 'external-secrets' },
    });
    expect(deploymentView(await get('deployment', 'external-secrets-webhook')).replicas).toBe(2);
    expect(await get('service', 'external-secrets-metrics')).toMatchObject({ spec: { ports: [{ port: 8080 }] } });
    const crds = await kubectl(['get', 'crds', '--output', 'name']);
    expect(crds.trim().split('\n')).toHaveLength(25);
  });

  it('upgrades to more replicas and workers', async () => {
    const values = ['replicaCount=3', 'resources.limits.cpu=500m', 'resources.limits.memory=512Mi'];
    const more = ['webhook.replicaCount=3', 'concurrent=15'];
    const flags = 'extraArgs={--enable-flood-protection=true,--max-concurrent-reconciles=10}';
    await runRelease('upgrade', chartFolder, '--namespace', releaseNamespace, ...sets(...values, ...more, flags));
    const controller = deploymentView(await get('deployment', 'external-secrets'));
    expect(controller).toMatchObject({ replicas: 3, resources: { limits: { cpu: '500m', memory: '512Mi' } } });
    const wanted = ['--concurrent=15', '--enable-flood-protection=true', '--max-concurrent-reconciles=10'];
    expect(controller.args).toEqual(expect.arrayContaining(wanted));
    expect(deploymentView(await get('deployment', 'external-secrets-webhook')).replicas).toBe(3);
  });

  it('upgrades to an autoscaler', async () => {
    const values = ['enabled=true', 'minReplicas=2', 'maxReplicas=10', 'targetCPUUtilizationPercentage=70'];
    await runRelease('upgrade', chartFolder, ...sets(...values.map((value) => `autoscaling.${value}`)));
    expect(await get('hpa', 'external-secrets')).toMatchObject({
      spec: {
        minReplicas: 2,
        maxReplicas: 10,
        metrics: [{ resource: { name: 'cpu', target: { averageUtilization: 70 } } }],
      },
    });
  });

  it('grants the operator what it needs to sync a Secret', async () => {
    // Nobody serves it here: no pods run on this control plane.
    await runRelease('upgrade', chartFolder, ...sets('webhook.create=false', 'leaderElect=true'));
    await kubectl(['apply', '--filename', '-'], manifests);
    await startOperator();
    await eventually(async () => {
      const word = await kubectl(['get', 'secret', 'greeting', '--output', 'jsonpath={.data.word}']);
      expect(Buffer.from(word, 'base64').toString()).toBe('hello');
    }, 60_000);
    const status = ['get', 'externalsecret', 'greeting', '--output', 'jsonpath={.status.conditions[0].reason}'];
    await eventually(async () => expect(await kubectl(status)).toBe('SecretSynced'));
    expect(log).not.toMatch(/forbidden/i);
  });

  it('leaves CRDs, stores and Secrets where they are when the release is uninstalled', async () => {
    operator?.kill('SIGTERM');
    await runRelease('uninstall', '--namespace', releaseNamespace);
    const deployments = ['get', 'deployments', '--namespace', releaseNamespace, '--output', 'name'];
    expect(await kubectl(deployments)).toBe('');
    const left = await kubectl([
      'get',
      'secret/greeting',
      'secretstore/store',
      'externalsecret/greeting',
      '-o',
      'name',
    ]);
    expect(left.trim().split('\n')).toHaveLength(3);
  });

  /** With the arguments and the ServiceAccount of the Deployment. */
  async function startOperator(): Promise<void> {
    const { args } = deploymentView(await get('deployment', 'external-secrets'));
    const token = await kubectl(['create', 'token', 'external-secrets', '--namespace', releaseNamespace]);
    const path = join(cluster().folder, 'operator.kubeconfig');
    const { url, caCertificate } = cluster();
    const config = kubeconfigYaml({ url, caCertificate, token: token.trim() });
    await writeFile(path, config.replace('namespace: default', `namespace: ${releaseNamespace}`));
    const [port] = await freePorts(1);
    const local = ['--metrics-addr=0', `--live-addr=127.0.0.1:${port}`];
    const main = new URL('../../src/main.ts', import.meta.url).pathname;
    operator = spawn(process.execPath, [main, ...args, ...local], { env: { ...process.env, KUBECONFIG: path } });
    const collect = (chunk: Buffer) => {
      log += chunk.toString();
    };
    operator.stdout?.on('data', collect);
    operator.stderr?.on('data', collect);
  }
});
