/** What each verb of the API looks like on the wire. Pure: nothing here knows of connections. */
import type { KubeObject, ObjectName, UniqueName } from '../api/object.ts';
import { apiVersionOf, type Resource } from '../api/resource.ts';
import type { Operation } from './answer.ts';
import type {
  ApplyOptions,
  DeleteOptions,
  ListOptions,
  Selection,
  SubmitOptions,
  WatchOptions,
  WriteOptions,
} from './client.ts';
import { collectionPath, objectPath, type Query, queryString, versionPath } from './paths.ts';

export interface ApiRequest extends Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly accept: string;
  readonly contentType?: string;
  readonly body?: string;
}

export type Subresource = 'status';

const json = 'application/json';
// A server that cannot answer with metadata alone may send everything.
const metadata = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
const metadataList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

export function getRequest(resource: Resource, name: ObjectName): ApiRequest {
  const accept = resource.metadataOnly === true ? metadata : json;
  return { ...operation('get', resource, name), method: 'GET', path: objectPath(resource, name), accept };
}

export function listRequest(resource: Resource, options: ListOptions): ApiRequest {
  const { limit, continue: token, resourceVersion } = options;
  const path = selectionPath(resource, options, { limit, continue: token, resourceVersion });
  const accept = resource.metadataOnly === true ? metadataList : json;
  return { ...operation('list', resource, options), method: 'GET', path, accept };
}

export function watchRequest(resource: Resource, options: WatchOptions): ApiRequest {
  const { resourceVersion, timeoutSeconds } = options;
  const query = { watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds };
  const path = selectionPath(resource, options, query);
  const accept = resource.metadataOnly === true ? metadata : json;
  return { ...operation('watch', resource, options), method: 'GET', path, accept };
}

export function createRequest(resource: Resource, object: KubeObject, options: WriteOptions): ApiRequest {
  const { namespace } = object.metadata;
  // An object without a namespace must not be POSTed to the path of all namespaces: the answer would be a bare 405.
  const collection = collectionPath(resource, resource.namespaced ? (namespace ?? '') : undefined);
  const path = collection + queryString(writeQuery(options));
  return {
    ...operation('create', resource, object.metadata),
    method: 'POST',
    path,
    ...writeBody(json, typed(resource, object)),
  };
}

export function replaceRequest(
  resource: Resource,
  object: KubeObject,
  subresource: Subresource | undefined,
  options: WriteOptions,
): ApiRequest {
  const name = nameOf(object);
  const path = objectPath(resource, name, subresource) + queryString(writeQuery(options));
  const what = operation('update', resource, name, subresource);
  return { ...what, method: 'PUT', path, ...writeBody(json, typed(resource, object)) };
}

export function mergePatchRequest(
  resource: Resource,
  name: ObjectName,
  patch: object,
  subresource: Subresource | undefined,
  options: WriteOptions,
): ApiRequest {
  const path = objectPath(resource, name, subresource) + queryString(writeQuery(options));
  const what = operation('patch', resource, name, subresource);
  return { ...what, method: 'PATCH', path, ...writeBody('application/merge-patch+json', patch) };
}

export function setStatusRequest(
  resource: Resource,
  name: UniqueName,
  status: object,
  options: WriteOptions,
): ApiRequest {
  const path = objectPath(resource, name, 'status') + queryString(writeQuery(options));
  const operations = [
    { op: 'test', path: '/metadata/uid', value: name.uid },
    { op: 'add', path: '/status', value: status },
  ];
  const what = operation('patch', resource, name, 'status');
  return { ...what, method: 'PATCH', path, ...writeBody('application/json-patch+json', operations) };
}

export function applyRequest(resource: Resource, object: KubeObject, options: ApplyOptions): ApiRequest {
  const name = nameOf(object);
  const fieldValidation = options.strict === true ? 'Strict' : undefined;
  const path =
    objectPath(resource, name) + queryString({ ...writeQuery(options), force: options.force, fieldValidation });
  // JSON is YAML, and cheaper to read.
  const body = writeBody('application/apply-patch+yaml', typed(resource, object));
  return { ...operation('patch', resource, name), method: 'PATCH', path, ...body };
}

export function deleteRequest(resource: Resource, name: ObjectName, options: DeleteOptions): ApiRequest {
  const { uid, resourceVersion, propagation: propagationPolicy } = options;
  const preconditions = uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion };
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy };
  return {
    ...operation('delete', resource, name),
    method: 'DELETE',
    path: objectPath(resource, name),
    ...writeBody(json, body),
  };
}

export function submitRequest(resource: Resource, object: KubeObject, options: SubmitOptions): ApiRequest {
  const { parent, subresource } = options;
  const path =
    parent === undefined
      ? collectionPath(resource, object.metadata.namespace)
      : objectPath(resource, parent, subresource);
  const what = operation('create', resource, parent ?? object.metadata, subresource);
  return { ...what, method: 'POST', path, ...writeBody(json, typed(resource, object)), accept: json };
}

export function discoveryRequest(apiVersion: string): ApiRequest {
  const what = { verb: 'get', resource: 'apiresources', target: apiVersion };
  return { ...what, method: 'GET', path: versionPath(apiVersion), accept: json };
}

function selectionPath(resource: Resource, selection: Selection, query: Query): string {
  const { namespace, labelSelector, fieldSelector } = selection;
  return collectionPath(resource, namespace) + queryString({ ...query, labelSelector, fieldSelector });
}

function writeQuery(options: WriteOptions): Query {
  return { fieldManager: options.fieldManager, dryRun: options.dryRun === true ? 'All' : undefined };
}

function writeBody(contentType: string, body: object): Pick<ApiRequest, 'accept' | 'contentType' | 'body'> {
  return { accept: metadata, contentType, body: JSON.stringify(body) };
}

function operation(
  verb: string,
  resource: Resource,
  name: { readonly namespace?: string | undefined; readonly name?: string | undefined },
  subresource?: string,
): Operation {
  const plural = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  const target = [name.namespace, name.name].filter((part) => part !== undefined && part !== '').join('/');
  return { verb, resource: resource.group === '' ? plural : `${plural}.${resource.group}`, target };
}

function nameOf(object: KubeObject): ObjectName {
  const { namespace, name = '' } = object.metadata;
  return namespace === undefined ? { name } : { namespace, name };
}

function typed(resource: Resource, object: KubeObject): object {
  if (object.apiVersion !== undefined && object.kind !== undefined) return object;
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object };
}
