/** The aws provider: Secrets Manager and Systems Manager Parameter Store. */
import type { ConnectContext } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { Provider, SecretsClient } from '../../provider/provider.ts';
import { UnresolvedClient } from '../../provider/unresolvedclient.ts';
import type { CredentialSource } from './credentials/credentials.ts';
import { credentialSource, selectorsOf } from './credentials/resolve.ts';
import { tagsNeedNamespace } from './credentials/sessiontags.ts';
import { SecurityTokenService } from './credentials/sts.ts';
import { endpointsOf } from './endpoints.ts';
import { toSessionError } from './errors.ts';
import { AwsSpec } from './schema.ts';
import type { AwsEnvironment } from './sdk.ts';
import { Transport } from './transport.ts';
import { validate } from './validate.ts';

export const provider: Provider<AwsSpec> = {
  name: 'aws',
  Spec: AwsSpec,
  capabilities: 'ReadWrite',
  maintenance: 'Maintained',
  validate,
  connect,
};

async function connect(spec: AwsSpec, context: ConnectContext): Promise<SecretsClient> {
  if (!isResolvable(spec, context)) return new UnresolvedClient();
  const { settings } = context;
  const transport = new Transport(settings);
  const endpoints = endpointsOf(settings.environment);
  const environment = { region: spec.region, endpoints, transport, variables: settings.environment };
  try {
    return await openStore(spec, context, environment);
  } catch (error) {
    await transport.close();
    throw error;
  }
}

/** A ClusterSecretStore with the credentials of whoever uses it has none while it is only validated. */
function isResolvable(spec: AwsSpec, { objects, store }: ConnectContext): boolean {
  if (!selectorsOf(spec.auth).every((selector) => objects.canResolve(selector))) return false;
  return store.kind === 'SecretStore' || !tagsNeedNamespace(spec) || objects.namespace !== undefined;
}

async function openStore(spec: AwsSpec, context: ConnectContext, environment: AwsEnvironment): Promise<SecretsClient> {
  const source = await sourceOf(spec, context, environment);
  switch (spec.service) {
    case 'SecretsManager': {
      const { openSecretsManager } = await import('./secretsmanager/open.ts');
      return openSecretsManager(spec, context, environment, source);
    }
    case 'ParameterStore': {
      const { openParameterStore } = await import('./parameterstore/open.ts');
      return openParameterStore(spec, context, environment, source);
    }
    case 'CertificateManager':
      throw new ProviderError('invalid', 'service CertificateManager is not built yet');
  }
}

function sourceOf(spec: AwsSpec, context: ConnectContext, environment: AwsEnvironment): Promise<CredentialSource> {
  const call = context.calls('AWS/STS', toSessionError);
  return credentialSource(spec, context, new SecurityTokenService(environment, call), call);
}
