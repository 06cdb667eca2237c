/**
 * The chart grants what the components ask for, and nothing else: they run under their ServiceAccounts through a day of
 * work, and the API server's audit log is held against the rules of the chart.
 */
import { get } from 'node:https';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { selfSignedCertificate } from '../../src/devserver/certificate.ts';
import type { Secret } from '../../src/kube/resources.ts';
import { type ApiCall, callsOf, grant, grantsOf, type PolicyRule } from '../support/audit.ts';
import { releaseNamespace } from '../support/chart.ts';
import { ChartRelease, type ReleasedProcess } from '../support/chartrelease.ts';
import { freePorts } from '../support/controlplane.ts';
import { eventually } from '../support/eventually.ts';
import { chartFolder } from '../support/helm.ts';
import { describeInstallation } from '../support/installation.ts';
import { createWebhookFiles, type WebhookFiles } from '../support/webhookfiles.ts';
import { decoded } from '../support/workspace.ts';

const controller = 'external-secrets';
const certController = 'external-secrets-cert-controller';
const webhook = 'external-secrets-webhook';

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
  let certificates: WebhookFiles;
  const metricsUrls = new Map<string, string>();
  const processes: ReleasedProcess[] = [];

  beforeAll(async () => {
    release = new ChartRelease(helm, cluster());
    for (const namespace of [releaseNamespace, 'team']) await release.kubectl(['create', 'namespace', namespace]);
    const guarded = ['', 'certController.', 'webhook.'].flatMap((component) =>
      ['secure', 'auth'].map((part) => `${component}metrics.listen.${part}.enabled=true`),
    );
    const values = ['leaderElect=true', 'webhook.failurePolicy=Ignore', ...guarded];
    await release.helm('install', chartFolder, '--set', values.join(','));
    const { cert, key } = selfSignedCertificate(Date.now());
    certificates = await createWebhookFiles({ 'tls.crt': cert, 'tls.key': key });
    await start(controller, 'live-addr');
    await start(certController, 'healthz-addr');
    await workThrough();
  });

  afterAll(async () => {
    for (const process of processes) await process.end();
    await certificates.remove();
  });

  /** @returns host and port of its health checks */
  async function start(deployment: string, healthFlag: string, more: readonly string[] = []): Promise<string> {
    const [health = '', metrics] = (await freePorts(2)).map((port) => `127.0.0.1:${port}`);
    metricsUrls.set(deployment, `https://${metrics}/metrics`);
    const flags = [`--${healthFlag}=${health}`, `--metrics-addr=${metrics}`];
    processes.push(await release.start(deployment, [...flags, `--metrics-cert-dir=${certificates.folder}`, ...more]));
    return health;
  }

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

  async function rulesOf(...roles: readonly (readonly [kind: string, name: string])[]): Promise<readonly PolicyRule[]> {
    const found: PolicyRule[] = [];
    for (const [kind, name] of roles)
      found.push(...((await release.get(kind, name)) as { readonly rules: readonly PolicyRule[] }).rules);
    return found;
  }

  const callsBy = (serviceAccount: string) => callsOf(cluster().auditLogPath, `${releaseNamespace}:${serviceAccount}`);

  const components: readonly [string, Readonly<Record<'everywhere' | 'inNamespace', readonly [string, string]>>][] = [
    [
      controller,
      {
        everywhere: ['clusterrole', 'external-secrets-controller'],
        inNamespace: ['role', 'external-secrets-leaderelection'],
      },
    ],
    [certController, { everywhere: ['clusterrole', certController], inNamespace: ['role', certController] }],
  ];

  it.each(components)('let %s do its work, and nothing else', async (serviceAccount, roles) => {
    const calls = await callsBy(serviceAccount);
    expect(calls.filter(({ code }) => code === 403)).toEqual([]);
    const unused = await rulesOf(roles.everywhere, roles.inNamespace).then((rules) => notAskedFor(rules, calls));
    expect(unused).toEqual([]);
  });

  it.each(components)('let %s do everywhere only what it does in more than its own namespace', async (...component) => {
    const [serviceAccount, { everywhere }] = component;
    const calls = await callsBy(serviceAccount);
    const elsewhere = calls.filter(({ namespace }) => namespace !== releaseNamespace);
    expect(notAskedFor(await rulesOf(everywhere), elsewhere)).toEqual([]);
  });

  it('let the webhook do nothing, and it asks for nothing', async () => {
    const [port] = await freePorts(1);
    const secret = (await release.get('secret', webhook)) as Secret;
    const mounted = await createWebhookFiles(decoded(secret.data));
    onTestFinished(() => mounted.remove());
    const health = await start(webhook, 'healthz-addr', [`--cert-dir=${mounted.folder}`, `--port=${port}`]);
    await eventually(async () => expect((await fetch(`http://${health}/readyz`)).status).toBe(200));
    expect(await callsBy(webhook)).toEqual([]);
  });

  it.each([controller, certController, webhook])('let %s ask who reads its metrics', async (deployment) => {
    await release.kubectl([
      'create',
      'clusterrole',
      `scraper-${deployment}`,
      '--verb=get',
      '--non-resource-url=/metrics',
    ]);
    const reader = ['--clusterrole', `scraper-${deployment}`, '--serviceaccount=team:reader'];
    await release.kubectl(['create', 'clusterrolebinding', `scraper-${deployment}`, ...reader]);
    const tokenOf = (account: string) => release.kubectl(['-n', 'team', 'create', 'token', account]);
    const statusFor = async (account: string) => statusOf(metricsUrls.get(deployment) ?? '', await tokenOf(account));
    await eventually(async () => expect(await statusFor('reader')).toBe(200));
    expect(await statusFor('default')).toBe(403);
  });
});

/** What the rules grant, that no call used and nothing else needs. */
function notAskedFor(rules: readonly PolicyRule[], calls: readonly ApiCall[]): readonly string[] {
  const asked = new Set(calls.map(({ verb, resource, group }) => grant(verb, resource, group)));
  return [...grantsOf(rules)].filter((one) => !asked.has(one) && !alsoNeeded.some(({ grants }) => grants.test(one)));
}

/** Of an answer over TLS, by whomever. */
function statusOf(url: string, token: string): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${token.trim()}` };
  return new Promise((resolve, reject) => {
    get(url, { headers, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
