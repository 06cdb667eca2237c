/** What Azure says that this machine or pod is. */
import type { AzureKvSpec } from '../schema.ts';
import type { Identity } from './identity.ts';

/** @param spec `identityId` chooses among user-assigned identities, by client id or by resource id */
export function managedIdentity({ identityId = '' }: AzureKvSpec): Identity {
  return {
    key: ['managed', identityId],
    open: async (sdk, options) => new sdk.ManagedIdentityCredential({ ...options, ...choice(identityId) }),
  };
}

function choice(identityId: string): { clientId: string } | { resourceId: string } | object {
  if (identityId === '') return {};
  return identityId.startsWith('/') ? { resourceId: identityId } : { clientId: identityId };
}
