/** Workload Identity Federation for GKE: being a ServiceAccount of this cluster at Google. */
import type { ConnectContext, ServiceAccountObject } from '../../../provider/context.ts';
import type { GcpAuth } from '../schema.ts';
import type { TokenServices, TokenSource } from './accesstokens.ts';
import { bindIdentity, impersonate } from './exchange.ts';
import { jwtTokenType, serviceAccountSubject } from './kubernetestoken.ts';
import { metadataValue } from './metadataserver.ts';

type WorkloadIdentity = NonNullable<GcpAuth['workloadIdentity']>;

/** Names the Google service account that a ServiceAccount acts as; a fact of GKE. */
const accountAnnotation = 'iam.gke.io/gcp-service-account';

/** Looks everything up now, so that the wall between namespaces is passed while connecting, and nowhere else. */
export async function workloadIdentityTokens(
  spec: WorkloadIdentity,
  services: TokenServices,
  context: ConnectContext,
): Promise<TokenSource> {
  const account = await context.objects.serviceAccount(spec.serviceAccountRef);
  const { pool, provider } = await clusterIdentity(spec, services, context);
  const audiences = [pool, ...(spec.serviceAccountRef.audiences ?? [])];
  const audience = `identitynamespace:${pool}:${provider}`;
  const subjectToken = serviceAccountSubject(account, audiences, context);
  const email = accountOf(account);
  return {
    identity: ['workloadIdentity', account.namespace, account.name, account.uid, audiences, audience, email],
    async create(signal) {
      const subject = { token: await subjectToken(), type: jwtTokenType, audience };
      const bound = await bindIdentity(subject, services, signal);
      // Without the annotation the ServiceAccount itself may have been given rights.
      return email === undefined ? bound : impersonate({ email }, bound.value, services, signal);
    },
  };
}

/** The Google service account that the ServiceAccount is annotated with. */
export function accountOf({ annotations }: ServiceAccountObject): string | undefined {
  return annotations[accountAnnotation] || undefined;
}

/** Every GKE cluster is an identity provider of its project's own pool. */
async function clusterIdentity(
  spec: WorkloadIdentity,
  services: TokenServices,
  { sessions, signal }: ConnectContext,
): Promise<{ readonly pool: string; readonly provider: string }> {
  const ask = (path: string): Promise<string> => metadataValue(path, services, sessions, signal);
  const project = spec.clusterProjectID || (await ask('project/project-id'));
  const location = spec.clusterLocation || (await ask('instance/attributes/cluster-location'));
  const cluster = spec.clusterName || (await ask('instance/attributes/cluster-name'));
  const path = `projects/${project}/locations/${location}/clusters/${cluster}`;
  return { pool: `${project}.svc.id.goog`, provider: `https://container.googleapis.com/v1/${path}` };
}
