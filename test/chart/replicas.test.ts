/** Three replicas as `replicaCount=3` makes them, under the permissions of the release. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callsOf } from '../support/audit.ts';
import { releaseNamespace } from '../support/chart.ts';
import { ChartRelease, type ReleasedProcess } from '../support/chartrelease.ts';
import { freePorts } from '../support/controlplane.ts';
import { eventually } from '../support/eventually.ts';
import { chartFolder } from '../support/helm.ts';
import { describeInstallation } from '../support/installation.ts';

const keys = Array.from({ length: 30 }, (_, index) => `key-${index}`);
/** As long as two may do the same work after a third came. */
const handoverMs = 2_500;
/** Replicas look for each other every 5 s. */
const settleMs = 30_000;

const store = `
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: store, namespace: team }
spec: { provider: { fake: { data: [${keys.map((key) => `{ key: ${key}, value: hello }`).join(', ')}] } } }
`;
const externalSecret = (key: string): string => `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: ${key}, namespace: team }
spec: { secretStoreRef: { name: store }, data: [{ secretKey: word, remoteRef: { key: ${key} } }] }
`;

await describeInstallation('three replicas of a release', (helm, cluster) => {
  let release: ChartRelease;
  const processes: ReleasedProcess[] = [];
  const metricsUrls: string[] = [];

  beforeAll(async () => {
    release = new ChartRelease(helm, cluster());
    for (const namespace of [releaseNamespace, 'team']) await release.kubectl(['create', 'namespace', namespace]);
    await release.helm('install', chartFolder, '--set', 'replicaCount=3,webhook.create=false');
    for (const _ of [1, 2, 3]) await startReplica();
    await eventually(() => release.kubectl(['apply', '-f', '-'], store));
  });

  afterAll(async () => {
    for (const process of processes) await process.end();
  });

  async function startReplica(): Promise<void> {
    const [metrics, live] = (await freePorts(2)).map((port) => `127.0.0.1:${port}`);
    metricsUrls.push(`http://${metrics}/metrics`);
    processes.push(await release.start('external-secrets', [`--metrics-addr=${metrics}`, `--live-addr=${live}`]));
  }

  /** Of each process that runs. */
  async function metricOf(name: string): Promise<readonly number[]> {
    const running = metricsUrls.filter((_, index) => processes[index]?.isRunning);
    const texts = await Promise.all(running.map(async (url) => (await fetch(url)).text()));
    return texts.map((text) => {
      const values = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
      return values.reduce((sum, [, value]) => sum + Number(value), 0);
    });
  }

  const leases = async (): Promise<string> =>
    release.kubectl(['get', 'leases', '--namespace', releaseNamespace, '-o', 'name']);

  it('see each other', async () => {
    await eventually(
      async () => expect(await metricOf('external_secrets_sharing_replicas')).toEqual([3, 3, 3]),
      settleMs,
    );
    expect((await leases()).trim().split('\n')).toHaveLength(3);
    await sleep(handoverMs);
  });

  it('divide the ExternalSecrets among them', async () => {
    await release.kubectl(['apply', '-f', '-'], keys.map(externalSecret).join('---'));
    const secrets = ['get', 'secrets', '--namespace', 'team', '-o', 'name'];
    await eventually(async () => expect((await release.kubectl(secrets)).match(/secret\/key-/g)).toHaveLength(30));
    const synced = await metricOf('externalsecret_sync_calls_total');
    expect(Math.min(...synced)).toBeGreaterThan(0);
    expect(synced.reduce((sum, syncs) => sum + syncs, 0)).toBe(keys.length);
  });

  it('take over from one that ends, which leaves no Lease behind', async () => {
    expect(await processes[0]?.end()).toBe(0);
    expect((await leases()).trim().split('\n')).toHaveLength(2);
    await eventually(async () => expect(await metricOf('external_secrets_sharing_replicas')).toEqual([2, 2]), settleMs);
  });

  it('ask for nothing that the chart does not grant', async () => {
    const calls = await callsOf(cluster().auditLogPath, `${releaseNamespace}:external-secrets`);
    expect(calls.filter(({ code }) => code === 403)).toEqual([]);
  });
});
