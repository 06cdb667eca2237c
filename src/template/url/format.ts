/** Puts URLs together as Go's net/url does. */
import { escape } from './escape.ts';
import type { Url, UserInfo } from './parse.ts';

/** `scheme:opaque?query#fragment` when there is an opaque part, else `scheme://user@host/path?query#fragment`. */
export function formatUrl(url: Url): string {
  const query = url.query === '' ? '' : `?${url.query}`;
  const fragment = url.fragment === '' ? '' : `#${escape(url.fragment, 'fragment')}`;
  const scheme = url.scheme === '' ? '' : `${url.scheme}:`;
  return scheme + (url.opaque === '' ? authorityAndPath(url) : url.opaque) + query + fragment;
}

function authorityAndPath(url: Url): string {
  const authority = formatAuthority(url);
  const path = url.path === '*' ? '*' : escape(url.path, 'path');
  if (path !== '' && !path.startsWith('/') && url.host !== '') return `${authority}/${path}`;
  // A colon in the first segment would make it a scheme.
  const needsDot = url.scheme === '' && authority === '' && (path.split('/')[0] ?? '').includes(':');
  return `${authority}${needsDot ? './' : ''}${path}`;
}

function formatAuthority({ scheme, host, user, path }: Url): string {
  if (scheme === '' && host === '' && user === undefined) return '';
  const slashes = host !== '' || path !== '' || user !== undefined ? '//' : '';
  return slashes + (user === undefined ? '' : `${formatUserInfo(user)}@`) + escape(host, 'host');
}

export function formatUserInfo({ name, password }: UserInfo): string {
  const escapedName = escape(name, 'userPassword');
  return password === undefined ? escapedName : `${escapedName}:${escape(password, 'userPassword')}`;
}
