/** The azurekv provider: secrets, certificates and keys of Azure Key Vault. */
import type { ConnectContext } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { Provider, SecretsClient } from '../../provider/provider.ts';
import { UnresolvedClient } from '../../provider/unresolvedclient.ts';
import { VaultClient } from './client.ts';
import { AzureKvSpec } from './schema.ts';
import { selectorsOf, validate } from './validate.ts';

export const provider: Provider<AzureKvSpec> = {
  name: 'azurekv',
  Spec: AzureKvSpec,
  capabilities: 'ReadWrite',
  maintenance: 'Maintained',
  validate,
  connect,
};

async function connect(spec: AzureKvSpec, context: ConnectContext): Promise<SecretsClient> {
  const [error] = validate(spec, context.store).errors;
  if (error !== undefined) throw new ProviderError('invalid', error);
  // A ClusterSecretStore with the credentials of whoever uses it has none while it is only validated.
  if (!selectorsOf(spec).every((selector) => context.objects.canResolve(selector))) return new UnresolvedClient();
  return VaultClient.open(spec, context);
}
