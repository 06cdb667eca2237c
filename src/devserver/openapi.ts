/** OpenAPI v3, as much of it as kubectl reads: that the server validates fields itself, and the schemas of kinds. */
import { apiVersionOf } from '../api/resource.ts';
import type { Catalog } from './catalog.ts';
import { groupNames, versionsOf } from './discovery.ts';
import type { ServedKind } from './kinds/served.ts';

const root = '/openapi/v3';

/** Undefined: the path is not one of OpenAPI's. */
export function openApiDocument(path: string, catalog: Catalog): object | undefined {
  if (path === root) return index(catalog);
  const [, root1, root2, prefix, ...rest] = path.split('/');
  if (root1 !== 'openapi' || root2 !== 'v3') return undefined;
  const [group, version] = prefix === 'api' ? ['', rest[0]] : rest;
  const kinds = catalog.kinds().filter((kind) => kind.group === group && kind.version === version);
  return kinds.length === 0 ? undefined : documentOf(kinds);
}

function index(catalog: Catalog): object {
  const named = groupNames(catalog).flatMap((group) =>
    versionsOf(group, catalog).map((version) => `apis/${group}/${version}`),
  );
  const paths = ['api/v1', ...named].map((path) => {
    // The hash tells clients when what they remember is worth nothing any more.
    return [path, { serverRelativeURL: `${root}/${path}?hash=${catalog.revision}` }] as const;
  });
  return { paths: Object.fromEntries(paths) };
}

function documentOf(kinds: readonly ServedKind[]): object {
  return {
    openapi: '3.0.0',
    info: { title: 'external-secrets dev', version: 'v1.37.0' },
    paths: Object.fromEntries(kinds.map((kind) => [pathOf(kind), operationsOf(kind)])),
    components: { schemas: Object.fromEntries(kinds.map((kind) => [schemaName(kind), schemaOf(kind)])) },
  };
}

function pathOf(kind: ServedKind): string {
  const prefix = kind.group === '' ? '/api' : '/apis';
  const scope = kind.namespaced ? '/namespaces/{namespace}' : '';
  return `${prefix}/${apiVersionOf(kind)}${scope}/${kind.plural}/{name}`;
}

function operationsOf(kind: ServedKind): object {
  const { group, version, kind: name } = kind;
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((parameter) => {
    return { name: parameter, in: 'query', schema: { type: 'string' } };
  });
  const type = { 'x-kubernetes-group-version-kind': { group, version, kind: name } };
  const schema = { $ref: `#/components/schemas/${schemaName(kind)}` };
  const responses = { 200: { description: 'OK', content: { 'application/json': { schema } } } };
  const get = { 'x-kubernetes-action': 'get', responses, ...type };
  return { get, patch: { 'x-kubernetes-action': 'patch', parameters, responses, ...type } };
}

function schemaName({ group, version, kind }: ServedKind): string {
  const reversed = group === '' ? 'io.k8s.api.core' : group.split('.').reverse().join('.');
  return `${reversed}.${version}.${kind}`;
}

function schemaOf({ group, version, kind, schema }: ServedKind): object {
  return {
    type: 'object',
    ...schema,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      ...schema?.properties,
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  };
}
