/** The kubernetes provider: Secrets of another namespace or cluster. */
import type { ConnectContext, ObjectSelector, StoreIdentity } from '../../provider/context.ts';
import type { Provider, SecretsClient, SpecVerdict } from '../../provider/provider.ts';
import { KubernetesClient } from './client.ts';
import { connectionOf } from './connection.ts';
import { KubernetesSpec } from './schema.ts';
import { UnresolvedClient } from './unresolvedclient.ts';

export const provider: Provider<KubernetesSpec> = {
  name: 'kubernetes',
  Spec: KubernetesSpec,
  capabilities: 'ReadWrite',
  maintenance: 'Maintained',
  validate,
  connect,
};

function validate(spec: KubernetesSpec, store: StoreIdentity): SpecVerdict {
  const { server, auth, authRef } = spec;
  const errors: string[] = [];
  if (auth === undefined && authRef === undefined) errors.push('auth or authRef is required');
  for (const selector of selectorsOf(spec)) {
    if (selector.name === undefined) errors.push('a reference in auth has no name');
    else if (crosses(selector, store))
      errors.push(`the reference to ${selector.name} names a namespace that is not the store's`);
  }
  const { caProvider } = server ?? {};
  if (caProvider !== undefined && store.kind === 'ClusterSecretStore' && caProvider.namespace === undefined) {
    errors.push('server.caProvider.namespace is required in a ClusterSecretStore');
  }
  if (caProvider !== undefined && crosses(caProvider, store))
    errors.push("server.caProvider.namespace is not the store's");
  const hasCA = authRef !== undefined || server?.caBundle !== undefined || caProvider !== undefined;
  return {
    errors,
    warnings: hasCA ? [] : ['no CA is configured: the server must have a certificate of a public authority'],
  };
}

function crosses({ namespace }: ObjectSelector, store: StoreIdentity): boolean {
  return store.kind === 'SecretStore' && namespace !== undefined && namespace !== store.namespace;
}

async function connect(spec: KubernetesSpec, context: ConnectContext): Promise<SecretsClient> {
  // A ClusterSecretStore with the credentials of whoever uses it has none while it is only validated.
  if (!selectorsOf(spec).every((selector) => context.objects.canResolve(selector))) return new UnresolvedClient();
  const connection = await connectionOf(spec, context);
  return KubernetesClient.open({ connection, namespace: spec.remoteNamespace, context });
}

/** Everything that the credentials are looked up by. */
function selectorsOf({ auth, authRef }: KubernetesSpec): readonly ObjectSelector[] {
  const { cert, serviceAccount, token } = auth ?? {};
  const selectors = [authRef, cert?.clientCert, cert?.clientKey, serviceAccount, token?.bearerToken];
  return selectors.filter((selector) => selector !== undefined);
}
