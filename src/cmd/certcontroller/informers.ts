/** What the cert-controller watches: that something has changed, and who answers for the webhook. */
import type { KubeObject } from '../../api/object.ts';
import { metadataOnly } from '../../api/resource.ts';
import type { CertificatesConfig } from '../../config.ts';
import { webhookSelector } from '../../controllers/webhookcertificate/reconcile.ts';
import type { KubeClient } from '../../kube/client.ts';
import { secrets } from '../../kube/resources.ts';
import { type EndpointSlice, endpointSlices, validatingWebhookConfigurations } from '../../kube/webhookresources.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Informer } from '../../runtime/informer.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { ManagedInformer } from '../../runtime/manager.ts';
import { SharedInformer } from '../../runtime/sharedinformer.ts';

export interface CertControllerInformers {
  /** The one Secret, without its content. */
  readonly secrets: Informer<KubeObject>;
  readonly configurations: Informer<KubeObject>;
  readonly endpointSlices: Informer<EndpointSlice>;
}

interface InformersOptions {
  readonly kube: KubeClient;
  readonly config: CertificatesConfig;
  readonly clock: Clock;
  readonly log: Logger;
}

export function createInformers({ kube, config, clock, log }: InformersOptions): CertControllerInformers {
  const { secret, service } = config;
  return {
    secrets: new SharedInformer({
      kube,
      resource: metadataOnly(secrets),
      selection: { namespace: secret.namespace, fieldSelector: `metadata.name=${secret.name}` },
      clock,
      log,
    }),
    configurations: new SharedInformer({
      kube,
      resource: metadataOnly(validatingWebhookConfigurations),
      selection: { labelSelector: webhookSelector },
      clock,
      log,
    }),
    endpointSlices: new SharedInformer({
      kube,
      resource: endpointSlices,
      selection: { namespace: service.namespace, labelSelector: `kubernetes.io/service-name=${service.name}` },
      clock,
      log,
    }),
  };
}

export function runningInformers(informers: CertControllerInformers): readonly ManagedInformer[] {
  return [informers.secrets, informers.configurations, informers.endpointSlices];
}
