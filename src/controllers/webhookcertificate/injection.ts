/** Which part of a webhook's configuration is ours: whom to call and whom to trust. Pure. */
import type { ObjectName } from '../../api/object.ts';
import type {
  CustomResourceDefinition,
  ValidatingWebhookConfiguration,
  WebhookClientConfig,
} from '../../kube/webhookresources.ts';

export interface Injection {
  readonly service: Required<ObjectName>;
  /** `ca.crt` in base64. */
  readonly caBundle: string;
}

/** A merge patch; undefined when all is there. It holds only if nobody else has written the configuration since. */
export function configurationPatch(
  configuration: ValidatingWebhookConfiguration,
  injection: Injection,
): object | undefined {
  const { webhooks = [], metadata } = configuration;
  if (webhooks.every(({ clientConfig }) => isInjected(clientConfig, injection))) return undefined;
  const injected = webhooks.map((webhook) => ({ ...webhook, clientConfig: inject(webhook.clientConfig, injection) }));
  return { metadata: { resourceVersion: metadata.resourceVersion }, webhooks: injected };
}

/** The same for a CRD; one that is not converted by a webhook is left alone. */
export function definitionPatch(
  { spec, metadata }: CustomResourceDefinition,
  injection: Injection,
): object | undefined {
  const clientConfig = spec.conversion?.strategy === 'Webhook' ? spec.conversion.webhook?.clientConfig : undefined;
  if (clientConfig === undefined || isInjected(clientConfig, injection)) return undefined;
  const conversion = { webhook: { clientConfig: inject(clientConfig, injection) } };
  return { metadata: { resourceVersion: metadata.resourceVersion }, spec: { conversion } };
}

/** Who names a URL means that, not our Service. */
function inject(clientConfig: WebhookClientConfig, { service, caBundle }: Injection): WebhookClientConfig {
  if (clientConfig.url !== undefined) return { ...clientConfig, caBundle };
  const { namespace, name } = service;
  return { ...clientConfig, caBundle, service: { ...clientConfig.service, namespace, name } };
}

function isInjected({ url, service, caBundle }: WebhookClientConfig, injection: Injection): boolean {
  const isOurs = service?.name === injection.service.name && service.namespace === injection.service.namespace;
  return caBundle === injection.caBundle && (url !== undefined || isOurs);
}
