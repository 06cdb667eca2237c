/** Names of projects, secrets and versions as the API writes them. */
import { ProviderError } from '../../provider/errors.ts';

/** Where a store's secrets are. */
export interface Place {
  readonly project: string;
  /** Of regional secrets; absent: global ones. */
  readonly location?: string | undefined;
}

/** By `google.cloud.secretmanager.v1.CreateSecretRequest.secret_id`. */
const secretId = /^[A-Za-z0-9_-]{1,255}$/;
/** A number, `latest` or an alias, by `Secret.version_aliases`. */
const versionId = /^[A-Za-z0-9_-]{1,63}$/;
/** An id, a number, or an id with the domain that it belongs to (`example.com:project`). */
const projectId = /^[a-z0-9][a-z0-9.:-]*$/;
/** It becomes part of a host name. */
const locationId = /^[a-z0-9-]+$/;

export const latestVersion = 'latest';

export function isProjectId(project: string): boolean {
  return projectId.test(project);
}

export function isLocationId(location: string): boolean {
  return locationId.test(location);
}

/** What secrets are created in and listed of. */
export function parentName({ project, location }: Place): string {
  return location === undefined ? `projects/${project}` : `projects/${project}/locations/${location}`;
}

/** @throws ProviderError `invalid`: nothing but a secret's own id may become part of a request's path */
export function secretName(place: Place, key: string): string {
  if (secretId.test(key)) return `${parentName(place)}/secrets/${key}`;
  const rule = 'letters, digits, - and _, at most 255';
  throw new ProviderError('invalid', `${key} is not the id of a secret: it consists of ${rule}`);
}

/** @throws ProviderError `invalid` */
export function versionName(place: Place, key: string, version: string): string {
  if (versionId.test(version)) return `${secretName(place, key)}/versions/${version}`;
  throw new ProviderError('invalid', `${version} is not a version of ${key}: a number, an alias or latest is`);
}

/** The last part: answers name projects by their number, so nothing before it can be compared. */
export function lastSegment(name: string | null | undefined): string {
  return name?.slice(name.lastIndexOf('/') + 1) ?? '';
}
