/** A chart with the objects that ESO 2.9's chart makes, as far as an upgrade could trip over them. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';

const components = ['', '-webhook', '-cert-controller'];

/** @returns the chart's folder, inside `folder` */
export async function writeEsoChart(folder: string): Promise<string> {
  const chart = join(folder, 'external-secrets');
  await mkdir(join(chart, 'templates'), { recursive: true });
  const metadata = { apiVersion: 'v2', name: 'external-secrets', version: '2.8.0', appVersion: 'v2.8.0' };
  await writeFile(join(chart, 'Chart.yaml'), stringify(metadata));
  const validations = ['secretstore', 'externalsecret'].map(validation);
  const manifests = [...components.flatMap(component), webhookService, ...permissions, ...validations];
  await writeFile(join(chart, 'templates', 'objects.yaml'), manifests.map((object) => stringify(object)).join('---\n'));
  await cp(fileURLToPath(new URL('../../crds/', import.meta.url)), join(chart, 'templates', 'crds'), {
    recursive: true,
  });
  return chart;
}

const rbac = 'rbac.authorization.k8s.io';

/** Roles, and bindings: what they refer to cannot be changed by an upgrade. */
const permissions: readonly object[] = [
  ...['controller', 'view', 'edit', 'servicebindings', 'cert-controller'].map((name) => role('ClusterRole', name)),
  role('Role', 'leaderelection'),
  binding('ClusterRole', 'controller', 'external-secrets'),
  binding('ClusterRole', 'cert-controller', 'external-secrets-cert-controller'),
  binding('Role', 'leaderelection', 'external-secrets'),
];

function role(kind: 'ClusterRole' | 'Role', suffix: string): object {
  return { apiVersion: `${rbac}/v1`, kind, metadata: { name: `external-secrets-${suffix}` }, rules: [] };
}

function binding(kind: 'ClusterRole' | 'Role', suffix: string, serviceAccount: string): object {
  const name = `external-secrets-${suffix}`;
  const subject = { kind: 'ServiceAccount', name: serviceAccount, namespace: '{{ .Release.Namespace }}' };
  return {
    apiVersion: `${rbac}/v1`,
    kind: `${kind}Binding`,
    metadata: { name },
    roleRef: { apiGroup: rbac, kind, name },
    subjects: [subject],
  };
}

const webhookService: object = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'external-secrets-webhook', labels: { 'external-secrets.io/component': 'webhook' } },
  spec: {
    type: 'ClusterIP',
    ports: [{ name: 'webhook', port: 443, targetPort: 10_250 }],
    selector: { 'app.kubernetes.io/name': 'external-secrets-webhook' },
  },
};

function component(suffix: string): readonly object[] {
  const name = `external-secrets${suffix}`;
  const selector = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': 'external-secrets' };
  const labels = { ...selector, 'helm.sh/chart': 'external-secrets-2.8.0', 'app.kubernetes.io/managed-by': 'Helm' };
  const metadata = { name, labels };
  const container = { name: suffix.slice(1) || 'external-secrets', image: 'example.invalid/eso:v2.8.0' };
  const podSpec = { serviceAccountName: name, containers: [{ ...container, args: ['--concurrent=1'] }] };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: selector }, template: { metadata: { labels }, spec: podSpec } },
    },
    ...(suffix === '-webhook' ? [{ apiVersion: 'v1', kind: 'Secret', metadata }] : []),
  ];
}

function validation(kind: string): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: `${kind}-validate`, labels: { 'external-secrets.io/component': 'webhook' } },
    webhooks: [],
  };
}
