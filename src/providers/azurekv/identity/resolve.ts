/** From a store's spec to who logs in. */
import type { ConnectContext } from '../../../provider/context.ts';
import type { AzureKvSpec } from '../schema.ts';
import type { Identity } from './identity.ts';
import { managedIdentity } from './managedidentity.ts';
import { servicePrincipal } from './serviceprincipal.ts';
import { workloadIdentity } from './workloadidentity.ts';

/**
 * Looks up all that it needs from the cluster now, so that the wall between namespaces is passed while connecting.
 * @throws ProviderError `invalid` when the spec or what it refers to is incomplete
 */
export async function resolveIdentity(spec: AzureKvSpec, context: ConnectContext): Promise<Identity> {
  switch (spec.authType) {
    case 'ManagedIdentity':
      return managedIdentity(spec, context);
    case 'WorkloadIdentity':
      return workloadIdentity(spec, context);
    case 'ServicePrincipal':
      return servicePrincipal(spec, context.objects);
  }
}

/** Whether it is the operator that logs in, and not somebody whose credentials the store has. */
export function isOperatorsIdentity({ authType, serviceAccountRef }: AzureKvSpec): boolean {
  return authType === 'ManagedIdentity' || (authType === 'WorkloadIdentity' && serviceAccountRef === undefined);
}
