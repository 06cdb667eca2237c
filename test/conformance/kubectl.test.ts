/** kubectl as a person uses it. */
import { expect, it } from 'vitest';
import { describeWorld, type World } from '../support/world.ts';

const manifest = `
apiVersion: v1
kind: Secret
metadata: {name: credentials, labels: {app: web}}
stringData: {password: one}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: red}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot}
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: store}
spec: {provider: {fake: {data: [{key: a, value: b}]}}}
---
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata: {name: web}
spec: {secretStoreRef: {name: store}, data: [{secretKey: a, remoteRef: {key: a}}]}
`;

describeWorld('kubectl', (world) => {
  it('applies, changes and applies again', async ({ skip }) => {
    if (!world().hasKubectl) skip('there is no kubectl');
    const namespace = await world().createNamespace();
    const created = await expectSuccess(world().kubectlWithInput(manifest, 'apply', '-n', namespace, '-f', '-'));
    expect(created.stdout.trim().split('\n')).toEqual([
      'secret/credentials created',
      'configmap/settings created',
      'serviceaccount/robot created',
      'secretstore.external-secrets.io/store created',
      'externalsecret.external-secrets.io/web created',
    ]);
    const changed = manifest.replace('colour: red', 'colour: blue').replace('labels: {app: web}', 'labels: {app: job}');
    const applied = await expectSuccess(world().kubectlWithInput(changed, 'apply', '-n', namespace, '-f', '-'));
    expect(applied.stdout).toContain('secret/credentials configured');
    expect(applied.stdout).toContain('configmap/settings configured');
    expect(applied.stdout).toContain('serviceaccount/robot unchanged');
    expect(await get(world(), namespace, 'configmap/settings', '{.data.colour}')).toBe('blue');
    expect(await get(world(), namespace, 'secret/credentials', '{.metadata.labels.app}')).toBe('job');
  });

  it('removes what is left out of a manifest', async ({ skip }) => {
    if (!world().hasKubectl) skip('there is no kubectl');
    const namespace = await world().createNamespace();
    const settings = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: ${data}\n`;
    await expectSuccess(world().kubectlWithInput(settings('{a: "1", b: "2"}'), 'apply', '-n', namespace, '-f', '-'));
    await expectSuccess(world().kubectlWithInput(settings('{b: "2"}'), 'apply', '-n', namespace, '-f', '-'));
    expect(await get(world(), namespace, 'configmap/a', '{.data}')).toBe('{"b":"2"}');
  });

  it('applies on the side of the server', async ({ skip }) => {
    if (!world().hasKubectl) skip('there is no kubectl');
    const namespace = await world().createNamespace();
    await expectSuccess(world().kubectlWithInput(manifest, 'apply', '--server-side', '-n', namespace, '-f', '-'));
    expect(await get(world(), namespace, 'externalsecret/web', '{.spec.refreshInterval}')).toBe('1h0m0s');
  });

  it('says what is wrong with a manifest', async ({ skip }) => {
    if (!world().hasKubectl) skip('there is no kubectl');
    const typo = manifest.replaceAll('secretKey', 'secretKeys');
    const { code, stderr } = await world().kubectlWithInput(
      typo,
      'apply',
      '-n',
      'default',
      '--dry-run=server',
      '-f',
      '-',
    );
    expect(code).toBe(1);
    expect(stderr).toContain('strict decoding error: unknown field "spec.data[0].secretKeys"');
  });

  it('prints tables by short names and categories', async ({ skip }) => {
    if (!world().hasKubectl) skip('there is no kubectl');
    const namespace = await world().createNamespace();
    await expectSuccess(world().kubectlWithInput(manifest, 'apply', '-n', namespace, '-f', '-'));
    const { stdout } = await expectSuccess(world().kubectl('get', 'es', '-n', namespace));
    expect(stdout).toMatch(
      /^NAME +STORETYPE +STORE +REFRESH INTERVAL +STATUS +READY +LAST SYNC\s*\nweb +store +1h0m0s/,
    );
    const all = await expectSuccess(world().kubectl('get', 'external-secrets', '-n', namespace, '-o', 'name'));
    expect(all.stdout.trim().split('\n').sort()).toEqual([
      'externalsecret.external-secrets.io/web',
      'secretstore.external-secrets.io/store',
    ]);
    const secrets = await expectSuccess(world().kubectl('get', 'secrets', '-n', namespace, '-l', 'app=web'));
    expect(secrets.stdout).toMatch(/^NAME +TYPE +DATA +AGE\s*\ncredentials +Opaque +1 +\d+s/);
  });

  it('edits with patch, label and annotate', async ({ skip }) => {
    if (!world().hasKubectl) skip('there is no kubectl');
    const namespace = await world().createNamespace();
    await expectSuccess(world().kubectlWithInput(manifest, 'apply', '-n', namespace, '-f', '-'));
    const kubectl = (...args: readonly string[]) => expectSuccess(world().kubectl('-n', namespace, ...args));
    await kubectl('annotate', 'es', 'web', 'force-sync=now');
    await kubectl('label', 'secret', 'credentials', 'tier=front');
    await kubectl('patch', 'es', 'web', '--type=merge', '-p', '{"spec":{"refreshInterval":"5m"}}');
    await kubectl('patch', 'cm', 'settings', '-p', '{"data":{"shape":"round"}}');
    await kubectl('patch', 'es', 'web', '--type=json', '-p', '[{"op":"remove","path":"/spec/data"}]');
    expect(
      await get(
        world(),
        namespace,
        'es/web',
        '{.metadata.annotations.force-sync} {.spec.refreshInterval} {.spec.data}',
      ),
    ).toBe('now 5m ');
    expect(await get(world(), namespace, 'cm/settings', '{.data}')).toBe('{"colour":"red","shape":"round"}');
    expect(await get(world(), namespace, 'secret/credentials', '{.metadata.labels.tier}')).toBe('front');
  });

  it('waits for conditions', async ({ skip }) => {
    if (!world().hasKubectl) skip('there is no kubectl');
    const { stdout } = await expectSuccess(
      world().kubectl(
        'wait',
        '--for=condition=established',
        'crd/externalsecrets.external-secrets.io',
        '--timeout=20s',
      ),
    );
    expect(stdout).toContain('condition met');
  });

  it('deletes, and finds nothing after', async ({ skip }) => {
    if (!world().hasKubectl) skip('there is no kubectl');
    const namespace = await world().createNamespace();
    await expectSuccess(world().kubectlWithInput(manifest, 'apply', '-n', namespace, '-f', '-'));
    const { stdout } = await expectSuccess(world().kubectlWithInput(manifest, 'delete', '-n', namespace, '-f', '-'));
    expect(stdout).toContain('externalsecret.external-secrets.io "web" deleted');
    const missing = await world().kubectl('get', 'secret', 'credentials', '-n', namespace);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('secrets "credentials" not found') });
    await expectSuccess(world().kubectl('delete', 'namespace', namespace, '--timeout=30s'));
  });

  it('creates namespaces, Secrets, tokens, and asks about access', async ({ skip }) => {
    if (!world().hasKubectl) skip('there is no kubectl');
    const namespace = `kubectl-${crypto.randomUUID().slice(0, 8)}`;
    await expectSuccess(world().kubectl('create', 'namespace', namespace));
    await expectSuccess(world().kubectl('create', 'secret', 'generic', 'a', '--from-literal=b=c', '-n', namespace));
    expect(await get(world(), namespace, 'secret/a', '{.data.b}')).toBe('Yw==');
    await expectSuccess(world().kubectl('create', 'serviceaccount', 'robot', '-n', namespace));
    const token = await expectSuccess(world().kubectl('create', 'token', 'robot', '--audience=vault', '-n', namespace));
    expect(token.stdout).toMatch(/^eyJ/);
    expect((await expectSuccess(world().kubectl('auth', 'can-i', 'get', 'secrets', '-n', namespace))).stdout).toBe(
      'yes\n',
    );
    expect((await expectSuccess(world().kubectl('auth', 'whoami'))).stdout).toContain('kubernetes-admin');
    await expectSuccess(world().kubectl('delete', 'namespace', namespace, '--wait=false'));
  });

  it('explains fields', async ({ skip }) => {
    if (!world().hasKubectl) skip('there is no kubectl');
    const { stdout } = await expectSuccess(world().kubectl('explain', 'externalsecret.spec.refreshInterval'));
    expect(stdout).toContain('Time between reads');
  });
});

async function expectSuccess(running: ReturnType<World['kubectl']>) {
  const result = await running;
  expect(result, result.stderr).toMatchObject({ code: 0 });
  return result;
}

async function get(world: World, namespace: string, what: string, path: string): Promise<string> {
  const { stdout } = await expectSuccess(world.kubectl('get', what, '-n', namespace, '-o', `jsonpath=${path}`));
  return stdout;
}
