/** The built-in kinds around webhooks, with as much of their types as the cert-controller uses. */
import type { KubeObject } from '../api/object.ts';
import type { Resource } from '../api/resource.ts';

/** How the API server calls a webhook. */
export interface WebhookClientConfig {
  /** In place of a Service. */
  readonly url?: string;
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    readonly path?: string;
    readonly port?: number;
  };
  /** PEM in base64: the authorities that the webhook's certificate may be signed by. */
  readonly caBundle?: string;
}

export interface ValidatingWebhookConfiguration extends KubeObject {
  /** Other members are kept as they are. */
  readonly webhooks?: readonly { readonly name: string; readonly clientConfig: WebhookClientConfig }[];
}

export interface CustomResourceDefinition extends KubeObject {
  readonly spec: {
    readonly conversion?: {
      readonly strategy: 'None' | 'Webhook';
      readonly webhook?: { readonly clientConfig?: WebhookClientConfig };
    };
  };
}

export interface EndpointSlice extends KubeObject {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    /** Absent: the endpoint is ready. */
    readonly conditions?: { readonly ready?: boolean };
  }[];
}

export const validatingWebhookConfigurations: Resource<ValidatingWebhookConfiguration> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural: 'validatingwebhookconfigurations',
  kind: 'ValidatingWebhookConfiguration',
  namespaced: false,
};

export const customResourceDefinitions: Resource<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
};

export const endpointSlices: Resource<EndpointSlice> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  kind: 'EndpointSlice',
  namespaced: true,
};
