/** What Azure says that this machine is. */
import type { ConnectContext } from '../../../provider/context.ts';
import type { AzureKvSpec } from '../schema.ts';
import type { Identity } from './identity.ts';
import { tokenOfMachine } from './metadataservice.ts';

/** @param spec `identityId` chooses among user-assigned identities, by client id or by resource id */
export function managedIdentity({ identityId = '' }: AzureKvSpec, { settings, clock }: ConnectContext): Identity {
  // The variable that Azure's SDKs take for it.
  const { AZURE_POD_IDENTITY_AUTHORITY_HOST: endpoint } = settings.environment;
  return {
    key: ['managed', identityId],
    async requestToken({ scope, signal }) {
      const resource = scope.replace(/\/\.default$/, '');
      const { token, lifetimeMs } = await tokenOfMachine({ endpoint, resource, identityId, signal });
      return { value: token, expiresAtMs: clock.now() + lifetimeMs };
    },
  };
}
