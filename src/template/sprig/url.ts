/** Sprig's functions that take URLs apart into maps and put them together. */
import { define, FunctionError, type TemplateFunction } from '../function.ts';
import { dictType, stringType } from '../types.ts';
import { UrlError } from '../url/errors.ts';
import { formatUrl, formatUserInfo } from '../url/format.ts';
import { hostname, parseUrl, type Url, type UserInfo } from '../url/parse.ts';
import { dict, type GoMap, type Value } from '../value.ts';
import { map, text } from './arguments.ts';
import { kindOf, nilDereference } from './kind.ts';

export const urlFunctions: readonly TemplateFunction[] = [
  define('urlParse', [stringType], dictType, ([url]) => urlParse(text(url))),
  define('urlJoin', [dictType], stringType, ([parts]) => urlJoin(map(parts))),
];

function urlParse(text: string): Value {
  const url = parse(text, 'unable to parse url');
  return dict([
    ['scheme', url.scheme],
    ['host', url.host],
    ['hostname', hostname(url.host)],
    ['path', url.path],
    ['query', url.query],
    ['opaque', url.opaque],
    ['fragment', url.fragment],
    ['userinfo', url.user === undefined ? '' : formatUserInfo(url.user)],
  ]);
}

function urlJoin(parts: GoMap): string {
  const [scheme, host, path, query, opaque, fragment, userinfo] = [
    'scheme',
    'host',
    'path',
    'query',
    'opaque',
    'fragment',
    'userinfo',
  ].map((name) => part(parts, name));
  const url = { scheme, host, path, query, opaque, fragment, user: parseUserInfo(userinfo ?? '') };
  // Every name of the list above has a text.
  return formatUrl(url as Url);
}

/** A part that is missing is empty; one that is no text is an error. */
function part({ entries }: GoMap, name: string): string {
  const value = entries.get(name) ?? (entries.has(name) ? null : '');
  if (typeof value === 'string') return value;
  if (value === null) throw nilDereference();
  throw new FunctionError(`unable to parse ${name} key, must be of type string, but ${kindOf(value)} found`);
}

/** Reads `name:password` with the rules of a URL, in which it is escaped. */
function parseUserInfo(userinfo: string): UserInfo | undefined {
  if (userinfo === '') return undefined;
  return parse(`proto://${userinfo}@host`, 'unable to parse userinfo in dict').user;
}

function parse(url: string, message: string): Url {
  try {
    return parseUrl(url);
  } catch (error) {
    if (error instanceof UrlError) throw new FunctionError(`${message}: ${error.message}`, { cause: error });
    throw error;
  }
}
