/** What is wrong with a spec, without asking anybody. */
import type { ObjectSelector, StoreIdentity } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { SpecVerdict } from '../../provider/provider.ts';
import { cloudOf, isAzureHost, isKnownAuthority, vaultUrlOf } from './cloud.ts';
import { isOperatorsIdentity } from './identity/resolve.ts';
import type { AzureKvSpec } from './schema.ts';

export function validate(spec: AzureKvSpec, store: StoreIdentity): SpecVerdict {
  const errors = [
    ...urlErrors(spec),
    ...authErrors(spec),
    ...selectorErrors(spec, store),
    ...lendingErrors(spec, store),
  ];
  const isOld = spec.environmentType === 'GermanCloud';
  return { errors, warnings: isOld ? ['environmentType GermanCloud: Microsoft has closed this cloud'] : [] };
}

/** Everything that the credentials are looked up by. */
export function selectorsOf({
  authType,
  authSecretRef = {},
  serviceAccountRef,
}: AzureKvSpec): readonly ObjectSelector[] {
  if (authType === 'ManagedIdentity') return [];
  const { clientId, clientSecret, clientCertificate, tenantId } = authSecretRef;
  const selectors =
    authType === 'ServicePrincipal'
      ? [clientId, clientSecret, clientCertificate, tenantId]
      : [serviceAccountRef, clientId, tenantId];
  return selectors.filter((selector) => selector !== undefined);
}

function urlErrors(spec: AzureKvSpec): readonly string[] {
  const errors = [() => void vaultUrlOf(spec), () => void cloudOf(spec, {})].flatMap(messageOf);
  const isIncomplete = spec.environmentType === 'AzureStackCloud' && spec.customCloudConfig === undefined;
  return isIncomplete ? [...errors, 'environmentType AzureStackCloud needs customCloudConfig'] : errors;
}

function messageOf(judge: () => void): readonly string[] {
  try {
    judge();
    return [];
  } catch (error) {
    if (error instanceof ProviderError) return [error.message];
    throw error;
  }
}

function authErrors({ authType, authSecretRef, tenantId }: AzureKvSpec): readonly string[] {
  if (authType !== 'ServicePrincipal') return [];
  if (authSecretRef === undefined) return ['authSecretRef is required for authType ServicePrincipal'];
  const errors: string[] = [];
  if (tenantId === undefined && authSecretRef.tenantId === undefined)
    errors.push('tenantId is required for authType ServicePrincipal');
  if (authSecretRef.clientId === undefined) errors.push('authSecretRef.clientId is required');
  const ways = [authSecretRef.clientSecret, authSecretRef.clientCertificate].filter((way) => way !== undefined);
  if (ways.length !== 1) errors.push('authSecretRef needs either clientSecret or clientCertificate');
  return errors;
}

function selectorErrors(spec: AzureKvSpec, store: StoreIdentity): readonly string[] {
  return selectorsOf(spec).flatMap(({ name, namespace }) => {
    if (name === undefined) return ['a reference in authSecretRef has no name'];
    const crosses = store.kind === 'SecretStore' && namespace !== undefined && namespace !== store.namespace;
    return crosses ? [`the reference to ${name} names a namespace that is not the store's`] : [];
  });
}

/**
 * Whoever may write a SecretStore could otherwise have the operator send its own token to a server of theirs, and use it
 * at all vaults that the operator may read. A ClusterSecretStore is written by those who run the cluster.
 */
function lendingErrors(spec: AzureKvSpec, store: StoreIdentity): readonly string[] {
  if (store.kind === 'ClusterSecretStore' || !isOperatorsIdentity(spec)) return [];
  const { vaultUrl, customCloudConfig } = spec;
  const authority = customCloudConfig?.activeDirectoryEndpoint;
  const isForeign = URL.canParse(vaultUrl) && !isAzureHost(new URL(vaultUrl));
  const isForeignAuthority =
    authority !== undefined && URL.canParse(authority) && !isKnownAuthority(new URL(authority));
  if (!isForeign && !isForeignAuthority) return [];
  return [
    "the operator's own identity is only used at hosts of Azure; use a ClusterSecretStore, or credentials of the store",
  ];
}
