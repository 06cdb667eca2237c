/** The user's helm commands on a real control plane, and the operator under the permissions that they grant. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deploymentView, releaseNamespace } from '../support/chart.ts';
import { ChartRelease, type ReleasedProcess } from '../support/chartrelease.ts';
import { freePorts } from '../support/controlplane.ts';
import { eventually } from '../support/eventually.ts';
import { chartFolder } from '../support/helm.ts';
import { describeInstallation } from '../support/installation.ts';

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
  let release: ChartRelease;
  let operator: ReleasedProcess | undefined;

  beforeAll(async () => {
    release = new ChartRelease(helm, cluster());
    await kubectl(['create', 'namespace', releaseNamespace]);
  });

  afterAll(() => operator?.end());

  const kubectl = (args: readonly string[], input?: string) => release.kubectl(args, input);
  const get = (kind: string, name: string) => release.get(kind, name);
  const sets = (...values: readonly string[]) => values.flatMap((value) => ['--set', value]);

  it('installs two replicas of controller and webhook', async () => {
    const resources = ['limits.cpu=200m', 'limits.memory=256Mi', 'requests.cpu=100m', 'requests.memory=128Mi'];
    const values = ['installCRDs=true', 'replicaCount=2', 'serviceMonitor.enabled=true', 'webhook.replicaCount=2'];
    const given = [...values, ...resources.map((value) => `resources.${value}`)];
    await release.helm('install', chartFolder, '--namespace', releaseNamespace, ...sets(...given));
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
    await release.helm('upgrade', chartFolder, '--namespace', releaseNamespace, ...sets(...values, ...more, flags));
    const controller = deploymentView(await get('deployment', 'external-secrets'));
    expect(controller).toMatchObject({ replicas: 3, resources: { limits: { cpu: '500m', memory: '512Mi' } } });
    const wanted = ['--concurrent=15', '--enable-flood-protection=true', '--max-concurrent-reconciles=10'];
    expect(controller.args).toEqual(expect.arrayContaining(wanted));
    expect(deploymentView(await get('deployment', 'external-secrets-webhook')).replicas).toBe(3);
  });

  it('upgrades to an autoscaler', async () => {
    const values = ['enabled=true', 'minReplicas=2', 'maxReplicas=10', 'targetCPUUtilizationPercentage=70'];
    await release.helm('upgrade', chartFolder, ...sets(...values.map((value) => `autoscaling.${value}`)));
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
    await release.helm('upgrade', chartFolder, ...sets('webhook.create=false', 'leaderElect=true'));
    await kubectl(['apply', '--filename', '-'], manifests);
    const [port] = await freePorts(1);
    operator = await release.start('external-secrets', ['--metrics-addr=0', `--live-addr=127.0.0.1:${port}`]);
    await eventually(async () => {
      const word = await kubectl(['get', 'secret', 'greeting', '--output', 'jsonpath={.data.word}']);
      expect(Buffer.from(word, 'base64').toString()).toBe('hello');
    }, 60_000);
    const status = ['get', 'externalsecret', 'greeting', '--output', 'jsonpath={.status.conditions[0].reason}'];
    await eventually(async () => expect(await kubectl(status)).toBe('SecretSynced'));
    expect(operator.log).not.toMatch(/forbidden/i);
  });

  it('leaves CRDs, stores and Secrets where they are when the release is uninstalled', async () => {
    await operator?.end();
    await release.helm('uninstall', '--namespace', releaseNamespace);
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
});
