/** What stands under `spec.provider.azurekv`. */
import { z } from 'zod';
import type { Immutable } from '../../api/metadata.ts';
import { SecretKeySelector, ServiceAccountSelector } from '../../api/refs.ts';

const AuthSecretRef = z.object({
  clientId: SecretKeySelector.optional().describe('The client id of the application.'),
  clientSecret: SecretKeySelector.optional().describe('A client secret of the application.'),
  clientCertificate: SecretKeySelector.optional().describe(
    'A certificate of the application and its private key, PEM; instead of a secret.',
  ),
  tenantId: SecretKeySelector.optional().describe('The tenant, when it is not in the spec.'),
});

const CustomCloudConfig = z.object({
  activeDirectoryEndpoint: z.string().describe('Who gives out tokens, such as https://login.microsoftonline.com/.'),
  keyVaultEndpoint: z
    .string()
    .optional()
    .describe('The resource that tokens are asked for, such as https://vault.azure.net/.'),
  keyVaultDNSSuffix: z.string().optional().describe('The domain of the vaults, when there is no keyVaultEndpoint.'),
  resourceManagerEndpoint: z.string().optional().describe('Accepted and not used: nothing here is managed.'),
});

export const AzureKvSpec = z.object({
  vaultUrl: z.string().describe('Of the vault, such as https://my-vault.vault.azure.net.'),
  tenantId: z.string().optional().describe('The tenant to log in to; required for ServicePrincipal.'),
  authType: z
    .enum(['ServicePrincipal', 'ManagedIdentity', 'WorkloadIdentity'])
    .default('ServicePrincipal')
    .describe('How to log in.'),
  authSecretRef: AuthSecretRef.optional().describe('The credentials of a service principal, or ids for a workload.'),
  serviceAccountRef: ServiceAccountSelector.optional().describe(
    "The ServiceAccount that is a workload identity; absent: the operator's own.",
  ),
  identityId: z.string().optional().describe('The client id (or resource id) of a user-assigned managed identity.'),
  environmentType: z
    .enum(['PublicCloud', 'USGovernmentCloud', 'ChinaCloud', 'GermanCloud', 'AzureStackCloud'])
    .default('PublicCloud')
    .describe('The cloud that the vault is in.'),
  customCloudConfig: CustomCloudConfig.optional().describe("Endpoints that take the place of the cloud's own."),
  useAzureSDK: z.boolean().default(false).describe('Accepted and not used: there is only one SDK here.'),
});
export type AzureKvSpec = Immutable<z.output<typeof AzureKvSpec>>;
