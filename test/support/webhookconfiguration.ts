/** A ValidatingWebhookConfiguration as the chart makes it, for one namespace. */
import type { KubeObject } from '../../src/api/object.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import {
  type ValidatingWebhookConfiguration,
  validatingWebhookConfigurations,
  type WebhookClientConfig,
} from '../../src/kube/webhookresources.ts';

export interface WebhookConfigurationOptions {
  readonly namespace: string;
  readonly clientConfig: (path: string) => WebhookClientConfig;
  readonly failurePolicy?: 'Fail' | 'Ignore';
}

const paths = {
  externalsecrets: '/validate-external-secrets-io-v1-externalsecret',
  secretstores: '/validate-external-secrets-io-v1-secretstore',
};

export function webhookConfiguration(
  options: WebhookConfigurationOptions,
): ValidatingWebhookConfiguration & KubeObject {
  const { namespace, clientConfig, failurePolicy = 'Fail' } = options;
  const webhooks = Object.entries(paths).map(([plural, path]) => ({
    name: `validate.${plural}.external-secrets.io`,
    rules: [
      {
        apiGroups: ['external-secrets.io'],
        apiVersions: ['v1'],
        operations: ['CREATE', 'UPDATE', 'DELETE'],
        resources: [plural],
        scope: 'Namespaced',
      },
    ],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    clientConfig: clientConfig(path),
    admissionReviewVersions: ['v1', 'v1beta1'],
    sideEffects: 'None',
    timeoutSeconds: 5,
    failurePolicy,
  }));
  const metadata = { name: `validate-${namespace}`, labels: { 'external-secrets.io/component': 'webhook' } };
  return { metadata, webhooks };
}

/** The authorities that each webhook of it is told to trust, decoded. */
export async function bundlesOf(kube: KubeClient, namespace: string): Promise<readonly string[]> {
  const { webhooks = [] } = await kube.get(validatingWebhookConfigurations, { name: `validate-${namespace}` });
  return webhooks.map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? '', 'base64').toString());
}
