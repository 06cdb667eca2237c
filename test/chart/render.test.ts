/** What the chart makes of its values. */
import { expect, it } from 'vitest';
import { deploymentView, find, namesOf, render, template } from '../support/chart.ts';
import { chartFolder, describeHelm } from '../support/helm.ts';

await describeHelm('the chart', (helm) => {
  const controllerArgs = async (...args: readonly string[]) =>
    deploymentView(find(await render(helm, ...args), 'Deployment', 'external-secrets')).args;

  it('passes helm lint', async () => {
    expect(await helm(['lint', '--strict', chartFolder])).toMatchObject({ code: 0 });
  });

  it("renders the objects of ESO's chart under their names", async () => {
    const manifests = await render(helm);
    const components = ['external-secrets', 'external-secrets-cert-controller', 'external-secrets-webhook'];
    expect(namesOf(manifests, 'Deployment').toSorted()).toEqual(components);
    expect(namesOf(manifests, 'ServiceAccount').toSorted()).toEqual(components);
    expect(namesOf(manifests, 'Secret')).toEqual(['external-secrets-webhook']);
    expect(namesOf(manifests, 'Service')).toEqual(['external-secrets-webhook']);
    const roles = ['cert-controller', 'controller', 'edit', 'servicebindings', 'view'];
    expect(namesOf(manifests, 'ClusterRole').toSorted()).toEqual(roles.map((name) => `external-secrets-${name}`));
    // ESO's cert-controller has its permissions in the whole cluster.
    expect(namesOf(manifests, 'Role')).toEqual(['external-secrets-cert-controller', 'external-secrets-leaderelection']);
    const validators = ['externalsecret-validate', 'secretstore-validate'];
    expect(namesOf(manifests, 'ValidatingWebhookConfiguration').toSorted()).toEqual(validators);
    expect(namesOf(manifests, 'CustomResourceDefinition')).toHaveLength(25);
  });

  it('keeps the ServiceAccounts of webhook and cert-controller under fixed names in a release of another name', async () => {
    const { stdout } = await helm(['template', 'other', chartFolder]);
    expect(stdout).toContain('name: other-external-secrets-webhook');
    expect(stdout).toContain('serviceAccountName: external-secrets-webhook');
  });

  it('leaves the number of workers to the operator unless one is given', async () => {
    expect((await controllerArgs()).join(' ')).not.toContain('--concurrent');
    expect(await controllerArgs('--set', 'concurrent=15')).toContain('--concurrent=15');
  });

  it('takes extra arguments as a list', async () => {
    const args = await controllerArgs('--set', 'extraArgs={--enable-flood-protection=true,--concurrent=10}');
    expect(args.slice(-2)).toEqual(['--enable-flood-protection=true', '--concurrent=10']);
  });

  it('takes extra arguments as a map, in which false is false and nothing is a bare flag', async () => {
    const given = ['enable-flood-gate=false', 'client-qps=0', 'enable-leader-election='];
    const args = await controllerArgs(...given.flatMap((value) => ['--set', `extraArgs.${value}`]));
    expect(args.slice(-3)).toEqual(['--client-qps=0', '--enable-flood-gate=false', '--enable-leader-election']);
  });

  it('passes large numbers in a map as they are', async () => {
    const args = await controllerArgs('--set-json', 'extraArgs={"template-max-output-bytes":16777216}');
    expect(args).toContain('--template-max-output-bytes=16777216');
  });

  it('renders an autoscaler in place of replicas', async () => {
    const given = ['enabled=true', 'minReplicas=2', 'targetMemoryUtilizationPercentage=60'];
    const manifests = await render(helm, ...given.flatMap((value) => ['--set', `autoscaling.${value}`]));
    expect(deploymentView(find(manifests, 'Deployment', 'external-secrets')).replicas).toBeUndefined();
    const utilization = (name: string, averageUtilization: number) => ({
      type: 'Resource',
      resource: { name, target: { type: 'Utilization', averageUtilization } },
    });
    expect(find(manifests, 'HorizontalPodAutoscaler', 'external-secrets')['spec']).toMatchObject({
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [utilization('cpu', 80), utilization('memory', 60)],
    });
  });

  it('renders Roles only, and switches cluster-wide kinds off, in a scoped release', async () => {
    const scope = ['--set', 'scopedNamespace=team-a', '--set', 'scopedRBAC=true', '--set', 'webhook.create=false'];
    const manifests = await render(helm, ...scope);
    expect(namesOf(manifests, 'ClusterRoleBinding')).toEqual([]);
    expect(find(manifests, 'Role', 'external-secrets-controller').metadata.namespace).toBe('team-a');
    const { args } = deploymentView(find(manifests, 'Deployment', 'external-secrets'));
    expect(args).toEqual(expect.arrayContaining(['--namespace=team-a', '--enable-cluster-store-reconciler=false']));
  });

  it('grants no wildcard', async () => {
    const manifests = await render(helm);
    const roles = manifests.filter(({ kind }) => kind.endsWith('Role'));
    expect(JSON.stringify(roles)).not.toContain('"*"');
  });

  it('keeps the CRDs when the release is uninstalled, unless told otherwise', async () => {
    const name = 'externalsecrets.external-secrets.io';
    const policyOf = async (...args: readonly string[]) =>
      find(await render(helm, ...args), 'CustomResourceDefinition', name).metadata.annotations;
    expect(await policyOf()).toEqual({ 'helm.sh/resource-policy': 'keep' });
    expect(await policyOf('--set', 'crds.keep=false')).toBeUndefined();
  });

  it.each([
    ['installCRDs', 0],
    ['crds.createClusterGenerator', 24],
    ['crds.createPushSecret', 24],
  ])('renders fewer CRDs with %s=false', async (value, count) => {
    expect(namesOf(await render(helm, '--set', `${value}=false`), 'CustomResourceDefinition')).toHaveLength(count);
  });

  it('leaves certificates to cert-manager when asked to', async () => {
    const manifests = await render(helm, '--set', 'webhook.certManager.enabled=true');
    expect(namesOf(manifests, 'Secret')).toEqual([]);
    expect(namesOf(manifests, 'Certificate')).toEqual(['external-secrets-webhook']);
    expect(namesOf(manifests, 'Deployment')).not.toContain('external-secrets-cert-controller');
  });

  it('renders ServiceMonitors only where they are known, unless told otherwise', async () => {
    const enabled = ['--set', 'serviceMonitor.enabled=true'];
    expect(namesOf(await render(helm, ...enabled), 'ServiceMonitor')).toEqual([]);
    const always = await render(helm, ...enabled, '--set', 'serviceMonitor.renderMode=alwaysRender');
    expect(namesOf(always, 'ServiceMonitor')).toHaveLength(3);
    const strict = await template(helm, ...enabled, '--set', 'serviceMonitor.renderMode=failIfMissing');
    expect(strict.stderr).toContain('monitoring.coreos.com/v1 ServiceMonitor');
  });

  it.each([
    ['replicaCount=two', '/replicaCount'],
    ['webhook.failurePolicy=Maybe', '/webhook/failurePolicy'],
    ['serviceMonitor.renderMode=sometimes', '/serviceMonitor/renderMode'],
    ['autoscaling.enabled=perhaps', '/autoscaling/enabled'],
    ['concurrent=-1', '/concurrent'],
    ['extraArgs={concurrent}', '/extraArgs/0'],
    ['processPushSecret=false', 'processClusterPushSecret=false as well'],
    ['scopedRBAC=true', 'scopedRBAC needs scopedNamespace'],
    ['metrics.listen.auth.enabled=true', 'needs metrics.listen.secure.enabled'],
  ])('refuses %s and names the value', async (value, words) => {
    const { code, stderr } = await template(helm, '--set', value);
    expect(code).toBe(1);
    expect(stderr).toContain(words);
  });
});
