/** What stands under `spec.provider.gcpsm`. */
import { z } from 'zod';
import type { Immutable } from '../../api/metadata.ts';
import { DataKey, NamespaceName, ObjectName, SecretKeySelector, ServiceAccountSelector } from '../../api/refs.ts';

const SecretRef = z.object({
  secretAccessKeySecretRef: SecretKeySelector.optional().describe('A service account key in JSON.'),
});

const WorkloadIdentity = z.object({
  serviceAccountRef: ServiceAccountSelector.describe('Who to be: a ServiceAccount of this GKE cluster.'),
  clusterLocation: z.string().optional().describe('Of this cluster; default: ask the metadata server.'),
  clusterName: z.string().optional(),
  clusterProjectID: z.string().optional(),
});

const WorkloadIdentityFederation = z.object({
  audience: z.string().optional().describe('Full resource name of the workload identity provider.'),
  serviceAccountRef: ServiceAccountSelector.optional().describe('A ServiceAccount whose tokens the provider trusts.'),
  awsSecurityCredentials: z
    .object({
      region: z
        .string()
        .min(1)
        .max(50)
        .regex(/^[a-z0-9-]+$/),
      awsCredentialsSecretRef: z.object({ name: ObjectName, namespace: NamespaceName.optional() }),
    })
    .optional()
    .describe('AWS credentials that the provider trusts.'),
  credConfig: z
    .object({ name: ObjectName, namespace: NamespaceName.optional(), key: DataKey })
    .optional()
    .describe('A credential configuration of type external_account in a ConfigMap.'),
  externalTokenEndpoint: z.string().optional().describe('Must be the credential_source.url of credConfig.'),
  gcpServiceAccountEmail: z
    .string()
    .min(1)
    .regex(/^.*@.*\.iam\.gserviceaccount\.com$/)
    .optional()
    .describe('A Google service account to impersonate.'),
});

export const GcpAuth = z.object({
  secretRef: SecretRef.optional().describe('A service account key.'),
  workloadIdentity: WorkloadIdentity.optional().describe('Workload Identity Federation for GKE.'),
  workloadIdentityFederation: WorkloadIdentityFederation.optional().describe('Workload Identity Federation elsewhere.'),
});
export type GcpAuth = Immutable<z.output<typeof GcpAuth>>;

export const GcpsmSpec = z.object({
  auth: GcpAuth.optional().describe('Who to be; none: application default credentials.'),
  projectID: z.string().optional().describe('The project that holds the secrets; default: that of the cluster.'),
  location: z.string().optional().describe('Region of regional secrets.'),
  secretVersionSelectionPolicy: z
    .string()
    .default('LatestOrFail')
    .describe('LatestOrFetch: the newest enabled version when the latest is disabled or destroyed.'),
});
export type GcpsmSpec = Immutable<z.output<typeof GcpsmSpec>>;
