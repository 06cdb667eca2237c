/** Where a store's secrets are. */
import type { ConnectContext } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { TokenServices } from './credentials/accesstokens.ts';
import { metadataValue } from './credentials/metadataserver.ts';
import { isLocationId, isProjectId, type Place } from './resourcename.ts';
import type { GcpsmSpec } from './schema.ts';

/** What is wrong with the parts of the place that the spec has. */
export function problemsOfPlace({ projectID, location, auth }: GcpsmSpec): string[] {
  const problems: string[] = [];
  if (auth?.secretRef !== undefined && !projectID) problems.push('projectID is required with auth.secretRef');
  if (projectID && !isProjectId(projectID)) problems.push('projectID is not the id of a project');
  if (location && !isLocationId(location)) problems.push('location is not the id of a location');
  return problems;
}

/**
 * The project is the store's, else that of the cluster, of the environment, or of the metadata server.
 * @throws ProviderError `invalid`, or `unavailable` when there is no metadata server to ask
 */
export async function placeOf(spec: GcpsmSpec, services: TokenServices, context: ConnectContext): Promise<Place> {
  const [problem] = problemsOfPlace(spec);
  if (problem !== undefined) throw new ProviderError('invalid', problem);
  const project = knownProject(spec, context) || (await askedProject(services, context));
  if (!isProjectId(project)) throw new ProviderError('invalid', `${project} is not the id of a project`);
  return { project, location: spec.location || undefined };
}

function knownProject({ projectID, auth }: GcpsmSpec, { settings }: ConnectContext): string | undefined {
  return projectID || auth?.workloadIdentity?.clusterProjectID || settings.environment['GOOGLE_CLOUD_PROJECT'];
}

function askedProject(services: TokenServices, { sessions, signal }: ConnectContext): Promise<string> {
  return metadataValue('project/project-id', services, sessions, signal);
}
