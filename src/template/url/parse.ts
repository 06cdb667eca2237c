/** Splits URLs as Go's net/url does. All strings are bytes. */
import { isIPv4, isIPv6 } from 'node:net';
import { quote } from '../strconv/quote.ts';
import { UrlError } from './errors.ts';
import { unescape } from './escape.ts';

/** The parts of a URL, decoded, but for the query, which stays as written. */
export interface Url {
  readonly scheme: string;
  readonly opaque: string;
  readonly user: UserInfo | undefined;
  /** With the port. */
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

export interface UserInfo {
  readonly name: string;
  /** Undefined when the URL has no colon after the name. */
  readonly password: string | undefined;
}

/** Parses a URL or a reference; the error names the text it is about. */
export function parseUrl(text: string): Url {
  const [beforeFragment, fragment] = cut(text, '#');
  const url = about(beforeFragment, () => parseWithoutFragment(beforeFragment));
  return { ...url, fragment: about(text, () => unescape(fragment, 'fragment')) };
}

function about<T>(text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UrlError) throw new UrlError(`parse ${quote(text)}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The text before and after the first `separator`. */
function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

const empty: Url = { scheme: '', opaque: '', user: undefined, host: '', path: '', query: '', fragment: '' };

function parseWithoutFragment(text: string): Url {
  if (hasControlByte(text)) throw new UrlError('net/url: invalid control character in URL');
  if (text === '*') return { ...empty, path: '*' };
  const { scheme, rest } = splitScheme(text);
  const [hierarchy, query] = cut(rest, '?');
  if (!hierarchy.startsWith('/')) {
    if (scheme !== '') return { ...empty, scheme, opaque: hierarchy, query };
    if (cut(hierarchy, '/')[0].includes(':')) throw new UrlError('first path segment in URL cannot contain colon');
  }
  const hasAuthority = hierarchy.startsWith('//') && (scheme !== '' || !hierarchy.startsWith('///'));
  if (!hasAuthority) return { ...empty, scheme, query, path: unescape(hierarchy, 'path') };
  const slash = hierarchy.indexOf('/', 2);
  const authority = slash < 0 ? hierarchy.slice(2) : hierarchy.slice(2, slash);
  const path = slash < 0 ? '' : hierarchy.slice(slash);
  return { ...empty, ...parseAuthority(scheme, authority), scheme, query, path: unescape(path, 'path') };
}

function hasControlByte(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20 || text.charCodeAt(i) === 0x7f) return true;
  return false;
}

function splitScheme(text: string): { scheme: string; rest: string } {
  if (text.startsWith(':')) throw new UrlError('missing protocol scheme');
  const scheme = /^([A-Za-z][A-Za-z0-9+\-.]*):/.exec(text)?.[1];
  return scheme === undefined
    ? { scheme: '', rest: text }
    : { scheme: scheme.toLowerCase(), rest: text.slice(scheme.length + 1) };
}

function parseAuthority(scheme: string, authority: string): Pick<Url, 'user' | 'host'> {
  const at = authority.lastIndexOf('@');
  const host = parseHost(scheme, authority.slice(at + 1));
  return { host, user: at < 0 ? undefined : parseUserInfo(authority.slice(0, at)) };
}

/** Parses `name` or `name:password` as it stands before the `@`. */
function parseUserInfo(text: string): UserInfo {
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(text)) throw new UrlError('net/url: invalid userinfo');
  const [name, password] = cut(text, ':');
  const decodedName = unescape(name, 'userPassword');
  return { name: decodedName, password: text.includes(':') ? unescape(password, 'userPassword') : undefined };
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) throw new UrlError('invalid IP-literal');
  if (bracket === 0) return parseIpLiteral(host);
  // Only http and https are strict about colons: databases allow several hosts, each with its port.
  const strict = scheme === 'http' || scheme === 'https';
  const colon = strict ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon >= 0) checkPort(host.slice(colon));
  return unescape(host, 'host');
}

function parseIpLiteral(host: string): string {
  const close = host.lastIndexOf(']');
  if (close < 0) throw new UrlError("missing ']' in host");
  const port = host.slice(close + 1);
  checkPort(port);
  const name = host.slice(1, close);
  const zone = name.indexOf('%25');
  const address =
    zone < 0 ? unescape(name, 'host') : unescape(name.slice(0, zone), 'host') + unescape(name.slice(zone), 'zone');
  if (isIPv4(address)) throw new UrlError('invalid IP-literal');
  if (!isIpv6WithZone(address)) throw new UrlError(`invalid host: ParseAddr(${quote(address)}): unable to parse IP`);
  return `[${address}]${port}`;
}

function isIpv6WithZone(address: string): boolean {
  const [ip] = cut(address, '%');
  return isIPv6(ip) && !address.endsWith(`${ip}%`);
}

function checkPort(colonPort: string): void {
  if (!/^(?::[0-9]*)?$/.test(colonPort)) throw new UrlError(`invalid port ${quote(colonPort)} after host`);
}

/** The host without port and brackets. */
export function hostname(host: string): string {
  const name = host.replace(/:[0-9]*$/, '');
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
}
