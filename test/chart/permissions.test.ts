/**
 * The chart grants what the components ask for, and nothing else: they run under their ServiceAccounts through a day of
 * work, and the API server's audit log is held against the rules of the chart.
 */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { callsOf, grant, grantsOf, type PolicyRule } from '../support/audit.ts';
import { releaseNamespace } from '../support/chart.ts';
import { ChartRelease, type ReleasedProcess } from '../support/chartrelease.ts';
import { freePorts } from '../support/controlplane.ts';
import { eventually } from '../support/eventually.ts';
import { chartFolder } from '../support/helm.ts';
import { describeInstallation } from '../support/installation.ts';

const controller = 'external-secrets';
const certController = 'external-secrets-cert-controller';

/** One of everything that is read, watched, written and deleted. */
const work = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: reader, namespace: team }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: reader, namespace: team }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: reader, namespace: team }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: template, namespace: team }
data: { greeting: "{{ .word }} from a template" }
---
apiVersion: v1
kind: Secret
metadata: { name: source, namespace: team }
stringData: { word: hello }
---
apiVersion: v1
kind: Secret
metadata: { name: shared, namespace: team }
stringData: { mine: "yes" }
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: cluster, namespace: team }
spec:
  provider:
    kubernetes:
      remoteNamespace: team
      server: { url: "SERVER", caProvider: { type: ConfigMap, name: kube-root-ca.crt, key: ca.crt } }
      auth: { serviceAccount: { name: reader } }
---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: { name: fake }
spec: { provider: { fake: { data: [{ key: word, value: hello }] } } }
---
apiVersion: generators.external-secrets.io/v1alpha1
kind: Password
metadata: { name: password, namespace: team }
spec: { length: 12 }
---
apiVersion: generators.external-secrets.io/v1alpha1
kind: ClusterGenerator
metadata: { name: uuid }
spec: { kind: UUID, generator: { uuidSpec: {} } }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: owned, namespace: team }
spec:
  secretStoreRef: { name: cluster, kind: SecretStore }
  target: { template: { templateFrom: [{ configMap: { name: template, items: [{ key: greeting }] } }] } }
  data: [{ secretKey: word, remoteRef: { key: source, property: word } }]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: shared, namespace: team }
spec:
  secretStoreRef: { name: fake, kind: ClusterSecretStore }
  target: { creationPolicy: Merge, deletionPolicy: Merge }
  data: [{ secretKey: word, remoteRef: { key: word } }]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: generated, namespace: team }
spec:
  dataFrom:
    - sourceRef: { generatorRef: { apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: password } }
    - sourceRef: { generatorRef: { apiVersion: generators.external-secrets.io/v1alpha1, kind: ClusterGenerator, name: uuid } }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: vanishing, namespace: team }
spec:
  secretStoreRef: { name: cluster, kind: SecretStore }
  target: { deletionPolicy: Delete }
  data: [{ secretKey: word, remoteRef: { key: passing, property: word } }]
---
apiVersion: v1
kind: Secret
metadata: { name: passing, namespace: team }
stringData: { word: hello }
---
apiVersion: external-secrets.io/v1alpha1
kind: PushSecret
metadata: { name: pushed, namespace: team }
spec:
  deletionPolicy: Delete
  secretStoreRefs: [{ name: cluster, kind: SecretStore }, { name: fake, kind: ClusterSecretStore }]
  selector: { secret: { name: source } }
  data: [{ match: { secretKey: word, remoteRef: { remoteKey: pushed } } }]
`;

/** What is granted although this day of work does not ask for it, and why. */
const alsoNeeded: readonly { readonly grants: RegExp; readonly reason: string }[] = [
  {
    grants: /^(list|watch) \w+\.generators\./,
    reason: 'a kind of generator is watched when an ExternalSecret names it',
  },
  { grants: /^update externalsecrets\/finalizers/, reason: 'OpenShift asks for it when a Secret gets its owner' },
  { grants: /^update leases/, reason: 'a lease is renewed later than this ends' },
  { grants: /^patch customresourcedefinitions/, reason: 'a CRD of an old ESO may name the webhook for its conversion' },
];

await describeInstallation('the permissions of the chart', (helm, cluster) => {
  let release: ChartRelease;
  const processes: ReleasedProcess[] = [];

  beforeAll(async () => {
    release = new ChartRelease(helm, cluster());
    for (const namespace of [releaseNamespace, 'team']) await release.kubectl(['create', 'namespace', namespace]);
    await release.helm('install', chartFolder, '--set', 'leaderElect=true,webhook.failurePolicy=Ignore');
    const [live, health] = await freePorts(2);
    processes.push(await release.start(controller, ['--metrics-addr=0', `--live-addr=127.0.0.1:${live}`]));
    processes.push(await release.start(certController, ['--metrics-addr=0', `--healthz-addr=127.0.0.1:${health}`]));
    await workThrough();
  });

  afterAll(async () => {
    for (const process of processes) await process.end();
  });

  /** Creates, changes, breaks and deletes; resolves when the operator has dealt with all of it. */
  async function workThrough(): Promise<void> {
    await eventually(() => apply(work.replace('SERVER', cluster().url)));
    const word = async (name: string) =>
      release.kubectl(['-n', 'team', 'get', 'secret', name, '-o', 'jsonpath={.data}']);
    await eventually(async () => {
      expect(await word('owned')).toContain('greeting');
      expect(await word('shared')).toContain('word');
      expect(await word('generated')).toContain('password');
      expect(await word('vanishing')).toContain('word');
    }, 90_000);
    await release.kubectl(['-n', 'team', 'delete', 'secret', 'owned']);
    await eventually(async () => expect(await word('owned')).toContain('greeting'));
    const force = ['annotate', 'externalsecret', 'vanishing', 'force-sync=1'];
    await release.kubectl(['-n', 'team', 'delete', 'secret', 'passing']);
    await release.kubectl(['-n', 'team', ...force]);
    await eventually(async () => await expect(word('vanishing')).rejects.toThrow('not found'));
    await eventually(async () => {
      const stores = ['get', 'secretstore/cluster', 'clustersecretstore/fake'];
      const finalizers = await release.kubectl([
        '-n',
        'team',
        ...stores,
        '-o',
        'jsonpath={.items[*].metadata.finalizers}',
      ]);
      expect(finalizers.match(/secretstore/g)).toHaveLength(2);
    });
    await release.kubectl(['-n', 'team', 'delete', 'externalsecrets', '--all', '--timeout=60s']);
    await eventually(async () => {
      const bundle = ['get', 'validatingwebhookconfiguration', 'secretstore-validate'];
      expect(await release.kubectl([...bundle, '-o', 'jsonpath={.webhooks[0].clientConfig.caBundle}'])).not.toBe('');
    });
  }

  const apply = (manifests: string) => release.kubectl(['apply', '--server-side', '-f', '-'], manifests);

  async function rulesOf(...roles: readonly [kind: string, name: string][]): Promise<readonly PolicyRule[]> {
    const found: PolicyRule[] = [];
    for (const [kind, name] of roles)
      found.push(...((await release.get(kind, name)) as { readonly rules: readonly PolicyRule[] }).rules);
    return found;
  }

  it.each<[string, readonly [string, string][]]>([
    [
      controller,
      [
        ['clusterrole', 'external-secrets-controller'],
        ['role', 'external-secrets-leaderelection'],
      ],
    ],
    [certController, [['clusterrole', 'external-secrets-cert-controller']]],
  ])('let %s do its work, and nothing else', async (serviceAccount, roles) => {
    const calls = await callsOf(cluster().auditLogPath, `${releaseNamespace}:${serviceAccount}`);
    expect(calls.filter(({ code }) => code === 403)).toEqual([]);
    const asked = new Set(calls.map(({ verb, resource, group }) => grant(verb, resource, group)));
    const granted = [...grantsOf(await rulesOf(...roles))];
    const unused = granted.filter((one) => !asked.has(one) && !alsoNeeded.some(({ grants }) => grants.test(one)));
    expect(unused).toEqual([]);
  });
});

await describeInstallation('a release for one namespace', (helm, cluster) => {
  it('works there with Roles alone, and looks nowhere else', async () => {
    const release = new ChartRelease(helm, cluster());
    for (const namespace of [releaseNamespace, 'team', 'other'])
      await release.kubectl(['create', 'namespace', namespace]);
    const scoped = 'scopedNamespace=team,scopedRBAC=true,webhook.create=false,leaderElect=true';
    await release.helm('install', chartFolder, '--set', scoped);
    const [live] = await freePorts(1);
    const operator = await release.start(controller, ['--metrics-addr=0', `--live-addr=127.0.0.1:${live}`]);
    onTestFinished(async () => void (await operator.end()));
    for (const namespace of ['team', 'other'])
      await eventually(() => release.kubectl(['apply', '-f', '-'], greeting(namespace)));
    const word = ['get', 'secret', 'greeting', '-o', 'jsonpath={.data.word}', '--namespace'];
    await eventually(async () => expect(await release.kubectl([...word, 'team'])).toBe('aGVsbG8='), 60_000);
    await expect(release.kubectl([...word, 'other'])).rejects.toThrow('not found');
    const calls = await callsOf(cluster().auditLogPath, `${releaseNamespace}:${controller}`);
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
