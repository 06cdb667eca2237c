/** Where a key is in a KV engine: the mount, and the way within it. */
import { ProviderError } from '../../provider/errors.ts';

export interface KvPlace {
  /** Undefined: the first segment of each key. */
  readonly mount: string | undefined;
  readonly version: 'v1' | 'v2';
}

/** A key, resolved. */
export interface KvLocation {
  readonly mount: string;
  /** Within the mount, without `data/`. */
  readonly path: string;
}

/**
 * A path without empty segments.
 * @throws ProviderError `invalid` for one that leads out of where it is
 */
export function normalPath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments.some((segment) => segment === '.' || segment === '..'))
    throw new ProviderError('invalid', `${path} is not a path: it has . or .. in it`);
  return segments.join('/');
}

/**
 * As ESO 2.9: a key may begin with the mount (and then with `data/`), which is not repeated. Without a mount, the first
 * segment of the key is the mount, or all that comes before `/data/`.
 */
export function locate({ mount, version }: KvPlace, key: string): KvLocation {
  const path = normalPath(key);
  if (mount !== undefined) return { mount, path: within(mount, path, version) };
  const data = version === 'v2' ? `${path}/`.indexOf('/data/') : -1;
  if (data > 0) return { mount: path.slice(0, data), path: path.slice(data + '/data/'.length) };
  const slash = path.indexOf('/');
  return slash === -1 ? { mount: path, path: '' } : { mount: path.slice(0, slash), path: path.slice(slash + 1) };
}

/** The key that is resolved to this location. */
export function keyOf({ mount }: KvPlace, location: KvLocation): string {
  if (mount !== undefined) return location.path;
  return below(location, location.mount.includes('/') ? 'data' : undefined);
}

/** What is read and written: below `data/` in version 2. */
export function dataPath(location: KvLocation, version: KvPlace['version']): string {
  return version === 'v2' ? below(location, 'data') : below(location);
}

/** What is listed, and carries the metadata: below `metadata/` in version 2. */
export function metadataPath(location: KvLocation, version: KvPlace['version']): string {
  return version === 'v2' ? below(location, 'metadata') : below(location);
}

function within(mount: string, path: string, version: KvPlace['version']): string {
  if (!path.startsWith(`${mount}/`)) return path;
  const rest = path.slice(mount.length + 1);
  return version === 'v2' && rest.startsWith('data/') ? rest.slice('data/'.length) : rest;
}

function below({ mount, path }: KvLocation, part?: string): string {
  return [mount, part, path].filter((segment) => segment !== undefined && segment !== '').join('/');
}
