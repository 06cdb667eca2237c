/** How API objects name other objects. */
import { z } from 'zod';
import { generatorGroupVersion } from './constants.ts';
import { base64Bytes } from './dialect.ts';
import type { Immutable } from './metadata.ts';

/** An object's name: an RFC 1123 subdomain. */
export const ObjectName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);

/** A namespace's name: an RFC 1123 label. */
export const NamespaceName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);

/** A key in the data of a Secret or ConfigMap. */
export const DataKey = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[-._a-zA-Z0-9]+$/);

/** Names one key of a Secret. Without a namespace: that of the object that holds the selector. */
export const SecretKeySelector = z.object({
  name: ObjectName.optional(),
  namespace: NamespaceName.optional(),
  key: DataKey.optional(),
});
export type SecretKeySelector = Immutable<z.output<typeof SecretKeySelector>>;

/** Names a ServiceAccount and the audiences of the token that is asked for it. */
export const ServiceAccountSelector = z.object({
  name: ObjectName,
  namespace: NamespaceName.optional(),
  audiences: z.array(z.string()).optional(),
});
export type ServiceAccountSelector = Immutable<z.output<typeof ServiceAccountSelector>>;

/** Certificates in PEM, as base64. */
export const CABundle = base64Bytes();

/** Names the key of a Secret or ConfigMap that holds certificates. */
export const CAProvider = z.object({
  type: z.enum(['Secret', 'ConfigMap']),
  name: ObjectName,
  namespace: NamespaceName.optional(),
  key: DataKey.optional(),
});
export type CAProvider = Immutable<z.output<typeof CAProvider>>;

export const StoreKind = z.enum(['SecretStore', 'ClusterSecretStore']);
export type StoreKind = z.output<typeof StoreKind>;

export const SecretStoreRef = z.object({
  name: ObjectName.optional().describe('Name of the store.'),
  kind: StoreKind.optional().describe('SecretStore (of the same namespace; the default) or ClusterSecretStore.'),
});
export type SecretStoreRef = Immutable<z.output<typeof SecretStoreRef>>;

/** The kind a reference means: SecretStore unless it says otherwise, as ESO 2.9 does. */
export function storeRefKind(ref: { readonly kind?: StoreKind | undefined }): StoreKind {
  return ref.kind ?? 'SecretStore';
}

/** The kinds of `generators.external-secrets.io` that a reference may name. */
export const GeneratorKind = z.enum([
  'ACRAccessToken',
  'BeyondtrustWorkloadCredentialsDynamicSecret',
  'ClusterGenerator',
  'CloudsmithAccessToken',
  'ECRAuthorizationToken',
  'Fake',
  'GCRAccessToken',
  'GithubAccessToken',
  'GitlabDeployToken',
  'QuayAccessToken',
  'Password',
  'SSHKey',
  'STSSessionToken',
  'UUID',
  'VaultDynamicSecret',
  'Webhook',
  'Grafana',
  'MFA',
]);
export type GeneratorKind = z.output<typeof GeneratorKind>;

export const GeneratorRef = z.object({
  apiVersion: z.string().default(generatorGroupVersion),
  kind: GeneratorKind.describe('Kind of the generator, of the same namespace unless it is ClusterGenerator.'),
  name: ObjectName,
});
export type GeneratorRef = Immutable<z.output<typeof GeneratorRef>>;
