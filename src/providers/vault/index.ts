/** The vault provider: HashiCorp Vault, its KV engines and those that make credentials. */
import type { ConnectContext } from '../../provider/context.ts';
import type { Provider, SecretsClient } from '../../provider/provider.ts';
import { UnresolvedClient } from '../../provider/unresolvedclient.ts';
import { VaultSpec } from './schema.ts';
import { selectorsOf, validate } from './validate.ts';

export const provider: Provider<VaultSpec> = {
  name: 'vault',
  Spec: VaultSpec,
  capabilities: 'ReadWrite',
  maintenance: 'Maintained',
  validate,
  connect,
};

async function connect(spec: VaultSpec, context: ConnectContext): Promise<SecretsClient> {
  // A ClusterSecretStore with the credentials of whoever uses it has none while it is only validated.
  if (!selectorsOf(spec).every((selector) => context.objects.canResolve(selector))) return new UnresolvedClient();
  return (await import('./open.ts')).openClient(spec, context);
}
