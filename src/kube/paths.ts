/** The URLs of the API. */
import type { ObjectName } from '../api/object.ts';
import type { Resource } from '../api/resource.ts';
import { ApiError } from './errors.ts';

/** Where the kinds of an `apiVersion` are. @throws ApiError 400 for what cannot be one */
export function versionPath(apiVersion: string): string {
  const segments = apiVersion.split('/').map(segment);
  if (segments.length > 2) throw badRequest(`${JSON.stringify(apiVersion)} cannot be an apiVersion`);
  return `/${segments.length === 1 ? 'api' : 'apis'}/${segments.join('/')}`;
}

/** @param namespace undefined: all namespaces, or cluster scope */
export function collectionPath(resource: Resource, namespace: string | undefined): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const isScoped = resource.namespaced && namespace !== undefined;
  return isScoped ? `${root}/namespaces/${segment(namespace)}/${resource.plural}` : `${root}/${resource.plural}`;
}

/** @throws ApiError 400 for a name that cannot be part of a path, and for a missing namespace */
export function objectPath(resource: Resource, name: ObjectName, subresource?: string): string {
  if (resource.namespaced && (name.namespace === undefined || name.namespace === '')) {
    throw badRequest(`${resource.plural} "${name.name}" needs a namespace`);
  }
  const path = `${collectionPath(resource, name.namespace)}/${segment(name.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The query string with its question mark; empty when nothing is set. */
export function queryString(query: Query): string {
  let text = '';
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    text += `${text === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`;
  }
  return text;
}

/** Names come from users: one that walks to another path must not leave this process (as client-go's own check). */
function segment(name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/%]/.test(name)) {
    throw badRequest(`${JSON.stringify(name)} cannot be a name: it is empty, "." or "..", or contains "/" or "%"`);
  }
  return encodeURIComponent(name);
}

function badRequest(message: string): ApiError {
  return new ApiError(message, { status: 400, reason: 'BadRequest' });
}
