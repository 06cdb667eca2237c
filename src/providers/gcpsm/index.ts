/** The gcpsm provider: Google Cloud Secret Manager. */
import type { ConnectContext, ObjectSelector, StoreIdentity } from '../../provider/context.ts';
import type { Provider, SecretsClient, SpecVerdict } from '../../provider/provider.ts';
import { UnresolvedClient } from '../../provider/unresolvedclient.ts';
import { SecretManagerApi } from './api.ts';
import { GcpsmClient } from './client.ts';
import { AccessTokens, type TokenServices } from './credentials/accesstokens.ts';
import { problemOfFederation } from './credentials/federation.ts';
import { selectorsOf, tokenSourceOf } from './credentials/tokensource.ts';
import { Endpoints } from './endpoints.ts';
import { toTokenError } from './errors.ts';
import { openLibrary } from './library.ts';
import { placeOf, problemsOfPlace } from './place.ts';
import { GcpsmSpec } from './schema.ts';
import { Transport } from './transport.ts';

export const provider: Provider<GcpsmSpec> = {
  name: 'gcpsm',
  Spec: GcpsmSpec,
  capabilities: 'ReadWrite',
  maintenance: 'Maintained',
  validate,
  connect,
};

function validate(spec: GcpsmSpec, store: StoreIdentity): SpecVerdict {
  const { auth = {} } = spec;
  const errors = problemsOfPlace(spec);
  if (auth.secretRef !== undefined && auth.secretRef.secretAccessKeySecretRef === undefined)
    errors.push('auth.secretRef.secretAccessKeySecretRef is required');
  const problem = auth.workloadIdentityFederation && problemOfFederation(auth.workloadIdentityFederation);
  if (problem !== undefined) errors.push(`auth.workloadIdentityFederation: ${problem}`);
  for (const selector of selectorsOf(auth)) {
    if (selector.name === undefined) errors.push('a reference in auth has no name');
    else if (crosses(selector, store))
      errors.push(`the reference to ${selector.name} names a namespace that is not the store's`);
  }
  const ways = Object.values(auth).filter((way) => way !== undefined).length;
  return { errors, warnings: ways > 1 ? ['auth names several ways to log in; only the first is used'] : [] };
}

function crosses({ namespace }: ObjectSelector, store: StoreIdentity): boolean {
  return store.kind === 'SecretStore' && namespace !== undefined && namespace !== store.namespace;
}

async function connect(spec: GcpsmSpec, context: ConnectContext): Promise<SecretsClient> {
  const { auth = {}, secretVersionSelectionPolicy: policy } = spec;
  // A ClusterSecretStore with the credentials of whoever uses it has none while it is only validated.
  if (!selectorsOf(auth).every((selector) => context.objects.canResolve(selector))) return new UnresolvedClient();
  const services = servicesOf(context);
  const { transport, endpoints } = services;
  try {
    const place = await placeOf(spec, services, context);
    const tokens = new AccessTokens(await tokenSourceOf(auth, services, context), context.sessions);
    const library = await openLibrary({ transport, endpoints, location: place.location });
    const api = new SecretManagerApi({ library, tokens, context });
    return new GcpsmClient({ api, transport, place, policy });
  } catch (error) {
    await transport.close();
    throw error;
  }
}

function servicesOf(context: ConnectContext): TokenServices {
  const { settings, clock } = context;
  const endpoints = new Endpoints(settings.environment);
  const transport = new Transport({ endpoints, settings, clock });
  return { endpoints, transport, clock, call: context.calls('GCP/SecretManager', toTokenError) };
}
