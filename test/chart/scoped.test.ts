/** A release that serves one namespace, with permissions there and nowhere else. */
import { expect, it, onTestFinished } from 'vitest';
import { callsOf } from '../support/audit.ts';
import { releaseNamespace } from '../support/chart.ts';
import { ChartRelease } from '../support/chartrelease.ts';
import { freePorts } from '../support/controlplane.ts';
import { eventually } from '../support/eventually.ts';
import { chartFolder } from '../support/helm.ts';
import { describeInstallation } from '../support/installation.ts';

await describeInstallation('a release for one namespace', (helm, cluster) => {
  it('works there with Roles alone, and looks nowhere else', async () => {
    const release = new ChartRelease(helm, cluster());
    for (const namespace of [releaseNamespace, 'team', 'other'])
      await release.kubectl(['create', 'namespace', namespace]);
    const scoped = 'scopedNamespace=team,scopedRBAC=true,webhook.create=false,leaderElect=true';
    await release.helm('install', chartFolder, '--set', scoped);
    const [live] = await freePorts(1);
    const operator = await release.start('external-secrets', ['--metrics-addr=0', `--live-addr=127.0.0.1:${live}`]);
    onTestFinished(async () => void (await operator.end()));
    for (const namespace of ['team', 'other'])
      await eventually(() => release.kubectl(['apply', '-f', '-'], greeting(namespace)));
    const word = ['get', 'secret', 'greeting', '-o', 'jsonpath={.data.word}', '--namespace'];
    await eventually(async () => expect(await release.kubectl([...word, 'team'])).toBe('aGVsbG8='), 60_000);
    await expect(release.kubectl([...word, 'other'])).rejects.toThrow('not found');
    const calls = await callsOf(cluster().auditLogPath, `${releaseNamespace}:external-secrets`);
    expect(new Set(calls.map(({ namespace }) => namespace))).toEqual(new Set(['team', releaseNamespace]));
    expect(calls.filter(({ code }) => code === 403)).toEqual([]);
    expect(operator.log).not.toMatch(/forbidden/i);
  });
});

function greeting(namespace: string): string {
  return `
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: store, namespace: ${namespace} }
spec: { provider: { fake: { data: [{ key: greeting, value: hello }] } } }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: greeting, namespace: ${namespace} }
spec:
  secretStoreRef: { name: store, kind: SecretStore }
  data: [{ secretKey: word, remoteRef: { key: greeting } }]
`;
}
