/** Where a key is read: in the store's KV engine, or in an engine that makes credentials. */
import { dataPath, type KvLocation, type KvPlace, locate, normalPath } from './kvpath.ts';
import type { Mount, Mounts } from './mounts.ts';

export type Route =
  | { readonly kind: 'kv'; readonly location: KvLocation; readonly path: string }
  /** `kv` is where the key would be otherwise: keys may look like the path of another mount. */
  | { readonly kind: 'engine'; readonly path: string; readonly kv: KvRoute | undefined };
export type KvRoute = Extract<Route, { readonly kind: 'kv' }>;

/** Engines that hold what was put into them: reading makes nothing. */
const holding = new Set([
  'kv',
  'generic',
  'cubbyhole',
  'system',
  'ns_system',
  'identity',
  'ns_identity',
  'ns_cubbyhole',
]);

/** @throws ProviderError `invalid` for what is no path */
export function routeOf(place: KvPlace, mounts: Mounts, key: string): Route {
  const location = locate(place, key);
  const kv: KvRoute = { kind: 'kv', location, path: dataPath(location, place.version) };
  const path = normalPath(key);
  // The store's own path may be that of such an engine.
  if (isMaking(mounts.of(location.mount))) return { kind: 'engine', path: pathWithin(location), kv: undefined };
  return isMaking(mounts.of(path)) ? { kind: 'engine', path, kv } : kv;
}

function isMaking(mount: Mount | undefined): boolean {
  return mount !== undefined && !holding.has(mount.type);
}

function pathWithin({ mount, path }: KvLocation): string {
  return path === '' ? mount : `${mount}/${path}`;
}
