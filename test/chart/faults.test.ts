/** What an administrator may get wrong: the operator says what is missing, does the rest, and goes on when it is mended. */
import { afterEach, beforeAll, expect, it } from 'vitest';
import { releaseNamespace } from '../support/chart.ts';
import { ChartRelease, type ReleasedProcess } from '../support/chartrelease.ts';
import { freePorts } from '../support/controlplane.ts';
import { eventually } from '../support/eventually.ts';
import { chartFolder } from '../support/helm.ts';
import { describeInstallation } from '../support/installation.ts';

const objects = `
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: { name: store }
spec: { provider: { fake: { data: [{ key: greeting, value: hello }] } } }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: greeting, namespace: default }
spec:
  secretStoreRef: { name: store, kind: ClusterSecretStore }
  data: [{ secretKey: word, remoteRef: { key: greeting } }]
`;
const tokenStore = `
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: tokens, namespace: default }
spec:
  provider:
    kubernetes:
      remoteNamespace: default
      server: { url: "SERVER", caProvider: { type: ConfigMap, name: kube-root-ca.crt, key: ca.crt } }
      auth: { serviceAccount: { name: default } }
`;
/** Backoff after failures goes up to half a minute. */
const recoveryMs = 60_000;

await describeInstallation('an operator', (helm, cluster) => {
  let release: ChartRelease;
  let operator: ReleasedProcess | undefined;
  let live: string;

  beforeAll(async () => {
    release = new ChartRelease(helm, cluster());
    await release.kubectl(['create', 'namespace', releaseNamespace]);
  });

  afterEach(() => operator?.end());

  async function start(): Promise<ReleasedProcess> {
    const [port] = await freePorts(1);
    live = `127.0.0.1:${port}`;
    operator = await release.start('external-secrets', ['--metrics-addr=0', `--live-addr=${live}`]);
    return operator;
  }

  async function probe(path: string): Promise<{ readonly status: number; readonly body: string }> {
    const answer = await fetch(`http://${live}/${path}`);
    return { status: answer.status, body: await answer.text() };
  }

  const readyMessage = () =>
    release.kubectl([
      'get',
      'externalsecret',
      'greeting',
      '-o',
      'jsonpath={.status.conditions[?(@.type=="Ready")].message}',
    ]);
  const forceSync = () =>
    release.kubectl(['annotate', 'externalsecret', 'greeting', `force-sync=${Date.now()}`, '--overwrite']);
  const word = () => release.kubectl(['get', 'secret', 'greeting', '-o', 'jsonpath={.data.word}']);

  it('without CRDs names them, waits, and begins when they are there', async () => {
    await release.helm('install', chartFolder, '--set', 'installCRDs=false,webhook.create=false');
    const started = await start();
    const missing =
      'the cluster serves no externalsecrets.external-secrets.io in version v1: install the CRD that does';
    await eventually(async () => {
      expect(started.log).toContain(missing);
      expect(await probe('readyz')).toMatchObject({ status: 500, body: expect.stringContaining(missing) });
    });
    expect(await probe('healthz')).toMatchObject({ status: 200 });
    await release.helm('upgrade', chartFolder, '--set', 'webhook.create=false');
    await eventually(async () => expect(await probe('readyz')).toMatchObject({ status: 200 }), recoveryMs);
    await eventually(() => release.kubectl(['apply', '-f', '-'], objects));
    await eventually(async () => expect(await word()).toBe('aGVsbG8='));
  }, 180_000);

  it('with the CRDs of an ESO before 0.16, which serve no v1, says so and waits', async () => {
    const serve = (served: boolean) => {
      const patch = JSON.stringify([{ op: 'replace', path: '/spec/versions/0/served', value: served }]);
      return release.kubectl(['patch', 'crd', 'externalsecrets.external-secrets.io', '--type=json', '--patch', patch]);
    };
    await serve(false);
    await start();
    await eventually(async () => {
      const { body } = await probe('readyz');
      expect(body).toContain('serves no externalsecrets.external-secrets.io in version v1');
    });
    await serve(true);
    await eventually(async () => expect(await probe('readyz')).toMatchObject({ status: 200 }), recoveryMs);
  }, 180_000);

  it('that may not write Secrets says so, and writes them once it may', async () => {
    await release.kubectl(['delete', 'externalsecret', 'greeting', '--ignore-not-found']);
    await release.kubectl(['delete', 'secret', 'greeting', '--ignore-not-found']);
    const rules = await takeAway('secrets', 'create');
    await start();
    await release.kubectl(['apply', '-f', '-'], objects);
    await eventually(async () => {
      const message = await readyMessage();
      expect(message).toContain('could not update secret');
      expect(message).toMatch(/cannot create resource "secrets"/);
    });
    await expect(word()).rejects.toThrow('not found');
    await giveBack(rules);
    await eventually(async () => expect(await word()).toBe('aGVsbG8='), recoveryMs);
  }, 180_000);

  it.each(['namespaces', 'externalsecrets', 'secretstores'])(
    'that may not list %s is not ready and says why, and is when it may',
    async (resource) => {
      const rules = await takeAway(resource, 'list');
      await start();
      await eventually(async () => {
        const { status, body } = await probe('readyz');
        expect(status).toBe(500);
        expect(body).toMatch(new RegExp(`${resource}: not synced: .*cannot list resource "${resource}"`));
      });
      expect(await probe('healthz')).toMatchObject({ status: 200 });
      await giveBack(rules);
      await eventually(async () => expect(await probe('readyz')).toMatchObject({ status: 200 }), recoveryMs);
    },
    180_000,
  );

  it('that may not change Secrets keeps the last good one, says so, and changes it once it may', async () => {
    const rules = await takeAway('secrets', 'patch');
    await start();
    await eventually(async () => expect(await probe('readyz')).toMatchObject({ status: 200 }));
    await release.kubectl(['apply', '-f', '-'], objects.replaceAll('hello', 'hullo'));
    await forceSync();
    await eventually(async () => expect(await readyMessage()).toMatch(/cannot patch resource "secrets"/));
    expect(await word()).toBe('aGVsbG8=');
    await giveBack(rules);
    await eventually(async () => expect(await word()).toBe('aHVsbG8='), recoveryMs);
    await release.kubectl(['apply', '-f', '-'], objects);
    await forceSync();
    await eventually(async () => expect(await word()).toBe('aGVsbG8='), recoveryMs);
  }, 180_000);

  it('that may not write a status says so in its log, and writes it once it may', async () => {
    const rules = await takeAway('externalsecrets/status', 'patch');
    const started = await start();
    await release.kubectl(['delete', 'externalsecret', 'greeting']);
    await release.kubectl(['apply', '-f', '-'], objects);
    await eventually(() => expect(started.log).toMatch(/cannot patch resource \\"externalsecrets\/status\\"/));
    await eventually(async () => expect(await word()).toBe('aGVsbG8='));
    expect(await readyMessage()).toBe('');
    await giveBack(rules);
    await eventually(async () => expect(await readyMessage()).toBe('secret synced'), recoveryMs);
  }, 180_000);

  it('that may not ask for tokens says so in the condition of the store that needs one', async () => {
    const rules = await takeAway('serviceaccounts/token', 'create');
    await start();
    await release.kubectl(['apply', '-f', '-'], tokenStore.replace('SERVER', cluster().url));
    const message = ['-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].message}'];
    const storeMessage = () => release.kubectl(['get', 'secretstore', 'tokens', '--namespace', 'default', ...message]);
    await eventually(async () =>
      expect(await storeMessage()).toContain('no permission to create serviceaccounts/token'),
    );
    await giveBack(rules);
    await eventually(async () => expect(await storeMessage()).not.toMatch(/serviceaccounts\/token/), recoveryMs);
  }, 180_000);

  it('that may not write events does its work without them', async () => {
    const rules = await takeAway('events', 'create');
    await start();
    await release.kubectl(['delete', 'externalsecret', 'greeting']);
    await release.kubectl(['apply', '-f', '-'], objects);
    await eventually(async () => expect(await readyMessage()).toBe('secret synced'));
    await giveBack(rules);
  });

  it('of a second release is refused while it wants what the first one has, and welcome without', async () => {
    await release.kubectl(['create', 'namespace', 'second']);
    const environment = { KUBECONFIG: cluster().kubeconfigPath };
    const install = (...values: readonly string[]) =>
      helm(['install', 'second', chartFolder, '--namespace', 'second', ...values], environment);
    const { code, stderr } = await install();
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/CustomResourceDefinition ".+" in namespace "" exists and cannot be imported/);
    const values = 'installCRDs=false,webhook.create=false,certController.create=false,controllerClass=second';
    expect(await install('--set', values)).toMatchObject({ code: 0 });
  });

  const role = ['clusterrole', 'external-secrets-controller'] as const;

  interface Rule {
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }

  /** @returns the rules as they were */
  async function takeAway(resource: string, verb: string): Promise<readonly Rule[]> {
    const { rules } = (await release.get(...role)) as { readonly rules: readonly Rule[] };
    await setRules(
      rules.flatMap((rule) => {
        if (!rule.resources.includes(resource)) return [rule];
        const others = rule.resources.filter((other) => other !== resource);
        const left = { ...rule, resources: [resource], verbs: rule.verbs.filter((granted) => granted !== verb) };
        return [{ ...rule, resources: others }, left].filter(
          ({ resources, verbs }) => resources.length * verbs.length > 0,
        );
      }),
    );
    return rules;
  }

  const giveBack = (rules: readonly Rule[]) => setRules(rules);

  async function setRules(rules: readonly Rule[]): Promise<void> {
    await release.kubectl(['patch', ...role, '--type=merge', '--patch', JSON.stringify({ rules })]);
  }
});
