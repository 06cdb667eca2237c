/** What a request wants: a verb on a resource, with the options of its query. */
import type { Catalog } from '../catalog.ts';
import type { SeenRequest } from '../faults.ts';
import type { ServedKind } from '../kinds/served.ts';
import { membersOf } from '../object.ts';
import { badRequest, methodNotAllowed, noSuchPath } from '../status.ts';
import type { WriteOptions } from '../verbs/context.ts';
import type { DeleteOptions, Propagation } from '../verbs/delete.ts';
import { type ListQuery, parsedVersion } from '../verbs/list.ts';
import type { PatchOptions } from '../verbs/patch.ts';
import type { WatchQuery } from '../verbs/watch.ts';
import { type ApiRequest, decodeBody } from './message.ts';
import type { ResourcePath } from './route.ts';
import type { RowObject } from './table.ts';

export interface Operation {
  readonly verb: Verb;
  readonly kind: ServedKind;
  readonly path: ResourcePath;
  readonly request: ApiRequest;
}

type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** @throws StatusError 404 or 405 */
export function operationOf(request: ApiRequest, path: ResourcePath, catalog: Catalog): Operation {
  const kind = catalog.find(path.group, path.version, path.plural);
  const isScopedWrongly = path.namespace !== undefined && kind?.namespaced === false;
  if (kind === undefined || isScopedWrongly || !isServed(kind, path.subresource)) throw noSuchPath();
  return { verb: verbOf(request, path), kind, path, request };
}

export function seen({ verb, path, request }: Operation): SeenRequest {
  const { group, plural: resource, subresource, namespace, name } = path;
  return { verb, group, resource, subresource, namespace, name, userAgent: userAgentOf(request) };
}

export function writeOptions({ query, headers }: ApiRequest, warn: (text: string) => void): WriteOptions {
  const [agent = ''] = (headers['user-agent'] ?? '').split('/', 1);
  const validation = query.get('fieldValidation') ?? 'Warn';
  return {
    fieldManager: query.get('fieldManager') || agent || 'unknown',
    dryRun: query.get('dryRun') === 'All',
    fieldValidation: validation === 'Strict' || validation === 'Ignore' ? validation : 'Warn',
    warn,
  };
}

export function patchQuery({ query }: ApiRequest): Pick<PatchOptions, 'force' | 'isManagerNamed'> {
  return { force: query.get('force') === 'true', isManagerNamed: (query.get('fieldManager') ?? '') !== '' };
}

export function listQuery({ query }: ApiRequest): ListQuery {
  return {
    limit: numberIn(query, 'limit') ?? 0,
    continue: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
  };
}

/** @throws StatusError 400 */
export function watchQuery({ query }: ApiRequest): WatchQuery {
  const seconds = numberIn(query, 'timeoutSeconds');
  const version = query.get('resourceVersion') ?? '';
  return {
    after: version === '' || version === '0' ? undefined : parsedVersion(version),
    sendInitialEvents: query.get('sendInitialEvents') === 'true',
    allowBookmarks: isSet(query.get('allowWatchBookmarks')),
    timeoutMs: seconds === undefined ? undefined : seconds * 1_000,
  };
}

/** From the body and the query. */
export function deleteOptions(request: ApiRequest): DeleteOptions {
  const body = membersOf(request.body.length === 0 ? {} : decodeBody(request));
  const { uid, resourceVersion } = membersOf(body['preconditions']);
  const asked = body['propagationPolicy'] ?? request.query.get('propagationPolicy');
  return {
    dryRun: request.query.get('dryRun') === 'All' || Array.isArray(body['dryRun']),
    uid: typeof uid === 'string' ? uid : undefined,
    resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : undefined,
    propagation: isPropagation(asked) ? asked : undefined,
  };
}

export function rowObjectOf({ query }: ApiRequest): RowObject {
  const asked = query.get('includeObject');
  return asked === 'None' || asked === 'Object' ? asked : 'Metadata';
}

function isPropagation(value: unknown): value is Propagation {
  return value === 'Background' || value === 'Foreground' || value === 'Orphan';
}

function isServed(kind: ServedKind, subresource: string | undefined): boolean {
  if (subresource === undefined) return true;
  if (subresource === 'token') return kind.group === '' && kind.plural === 'serviceaccounts';
  return subresource === 'status' && kind.hasStatus;
}

function verbOf({ method, query }: ApiRequest, { name, subresource }: ResourcePath): Verb {
  const isOne = name !== undefined;
  switch (method) {
    case 'GET':
      if (isSet(query.get('watch'))) return 'watch';
      return isOne ? 'get' : 'list';
    case 'POST':
      if (isOne !== (subresource === 'token')) throw methodNotAllowed();
      return 'create';
    case 'PUT':
    case 'PATCH':
      if (!isOne || subresource === 'token') throw methodNotAllowed();
      return method === 'PUT' ? 'update' : 'patch';
    case 'DELETE':
      if (subresource !== undefined) throw methodNotAllowed();
      return isOne ? 'delete' : 'deletecollection';
    default:
      throw methodNotAllowed();
  }
}

function isSet(value: string | null): boolean {
  return value === 'true' || value === '1';
}

/** @throws StatusError 400 */
function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw badRequest(`${name}: Invalid value: ${JSON.stringify(text)}`);
  return Number(text);
}

function userAgentOf({ headers }: ApiRequest): string {
  return headers['user-agent'] ?? '';
}
