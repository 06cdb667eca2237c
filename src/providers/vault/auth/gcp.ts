/** Google Cloud: a token that says who we are, signed by Google or with a key that Google gave out. */
import type { ConnectContext } from '../../../provider/context.ts';
import type { TokenServices } from '../../gcpsm/credentials/accesstokens.ts';
import { Endpoints } from '../../gcpsm/endpoints.ts';
import { toTokenError } from '../../gcpsm/errors.ts';
import { Transport } from '../../gcpsm/transport.ts';
import type { GcpAuth } from '../schema.ts';
import { type GoogleJwts, instanceJwts, keyJwts, workloadIdentityJwts } from './googlejwts.ts';
import { type LoginMethod, loginPath } from './method.ts';

/** Logging in needs what the provider gcpsm knows of Google's identities; its library is not loaded for it. */
export async function gcpMethod(auth: GcpAuth, context: ConnectContext): Promise<LoginMethod> {
  const { path, role } = auth;
  const jwts = await jwtsOf(auth, context);
  return {
    identity: ['gcp', path, role, ...jwts.identity],
    request: async (signal) => ({ path: loginPath(path), body: { role, jwt: await jwts.create(role, signal) } }),
  };
}

async function jwtsOf(auth: GcpAuth, context: ConnectContext): Promise<GoogleJwts> {
  const { secretRef, workloadIdentity, serviceAccountRef, projectID, location } = auth;
  if (secretRef !== undefined) return keyJwts(secretRef, context);
  const services = servicesOf(context);
  const binding = workloadIdentity ?? (serviceAccountRef && { serviceAccountRef });
  if (binding === undefined) return instanceJwts(services);
  const cluster = { clusterProjectID: projectID, clusterLocation: location, ...binding };
  return workloadIdentityJwts(cluster, services, context);
}

function servicesOf(context: ConnectContext): TokenServices {
  const { settings, clock } = context;
  const endpoints = new Endpoints(settings.environment);
  // Its connections close by themselves when they were idle for a while.
  const transport = new Transport({ endpoints, settings, clock });
  return { endpoints, transport, clock, call: context.calls('GCP/IAM', toTokenError) };
}
