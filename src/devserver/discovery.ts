/** Which groups, versions and resources there are, as clients ask for it. */
import { apiVersionOf } from '../api/resource.ts';
import type { Catalog } from './catalog.ts';
import { reviewKinds } from './identity/reviews.ts';
import type { ServedKind } from './kinds/served.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** Undefined: the path is not one of discovery's. */
export function discoveryDocument(path: string, catalog: Catalog): object | undefined {
  const [, root, group, version, ...rest] = path.replace(/\/$/, '').split('/');
  if (rest.length > 0) return undefined;
  if (root === 'api') return version === undefined ? coreDocument(group, catalog) : undefined;
  if (root !== 'apis') return undefined;
  if (group === undefined) return groupList(catalog);
  return version === undefined ? groupDocument(group, catalog) : resourceList(group, version, catalog);
}

/** What the server says about itself; the version is that of the API it answers like. */
export const versionDocument = {
  major: '1',
  minor: '37',
  gitVersion: 'v1.37.0-devserver',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'node',
  platform: 'linux/amd64',
} as const;

function coreDocument(version: string | undefined, catalog: Catalog): object | undefined {
  if (version !== undefined) return resourceList('', version, catalog);
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

function groupList(catalog: Catalog): object {
  const groups = groupNames(catalog).map((group) => groupOf(group, catalog));
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

function groupDocument(group: string, catalog: Catalog): object | undefined {
  if (!groupNames(catalog).includes(group)) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, catalog) };
}

function groupOf(name: string, catalog: Catalog): object {
  const versions = versionsOf(name, catalog).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

export function groupNames(catalog: Catalog): readonly string[] {
  const names = [...catalog.kinds(), ...reviewKinds].map(({ group }) => group);
  return [...new Set(names)].filter((group) => group !== '').sort();
}

/** The most stable one first. */
export function versionsOf(group: string, catalog: Catalog): readonly string[] {
  const versions = [...catalog.kinds(), ...reviewKinds]
    .filter((kind) => kind.group === group)
    .map(({ version }) => version);
  return [...new Set(versions)].sort((a, b) => stability(b) - stability(a) || (a < b ? 1 : -1));
}

function stability(version: string): number {
  if (version.includes('alpha')) return 0;
  return version.includes('beta') ? 1 : 2;
}

function resourceList(group: string, version: string, catalog: Catalog): object | undefined {
  const isHere = (kind: { group: string; version: string }): boolean =>
    kind.group === group && kind.version === version;
  const kinds = catalog.kinds().filter(isHere);
  const reviews = reviewKinds.filter(isHere);
  if (kinds.length === 0 && reviews.length === 0) return undefined;
  const resources = [
    ...kinds.flatMap(resourcesOf),
    ...reviews.map(({ plural, kind, namespaced }) => resource(plural, kind, namespaced, ['create'])),
  ];
  const groupVersion = group === '' ? version : `${group}/${version}`;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

function resourcesOf(kind: ServedKind): readonly object[] {
  const { plural, kind: name, namespaced, singular, shortNames, categories } = kind;
  const whole = {
    ...resource(plural, name, namespaced, verbs),
    singularName: singular,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  };
  const status = resource(`${plural}/status`, name, namespaced, ['get', 'patch', 'update']);
  const type = { group: 'authentication.k8s.io', version: 'v1' };
  const token = { ...resource(`${plural}/token`, 'TokenRequest', namespaced, ['create']), ...type };
  const isAccount = apiVersionOf(kind) === 'v1' && plural === 'serviceaccounts';
  return [whole, ...(kind.hasStatus ? [status] : []), ...(isAccount ? [token] : [])];
}

function resource(name: string, kind: string, namespaced: boolean, allowed: readonly string[]): object {
  return { name, singularName: '', namespaced, kind, verbs: allowed };
}
