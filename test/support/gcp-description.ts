/**
 * Secret Manager's own description, as it ships with Google's library: which requests there are, which members their
 * messages have. Requests that do not fit are refused as the real service refuses them.
 */
import { createRequire } from 'node:module';
import { GcpError } from './gcp-error.ts';

interface Field {
  readonly type: string;
  readonly rule?: string;
  readonly keyType?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

interface Message {
  readonly fields?: Readonly<Record<string, Field>>;
  readonly nested?: Readonly<Record<string, Message>>;
  readonly values?: Readonly<Record<string, number>>;
}

interface HttpRule {
  readonly get?: string;
  readonly post?: string;
  readonly patch?: string;
  readonly delete?: string;
  readonly body?: string;
  readonly additional_bindings?: HttpRule;
}

interface Method {
  readonly requestType: string;
  readonly parsedOptions: readonly Readonly<Record<string, unknown>>[];
}

interface Route {
  readonly rpc: string;
  readonly requestType: string;
  readonly verb: string;
  readonly pattern: RegExp;
  /** The member that the path is, such as `name` or `secret.name`. */
  readonly member: string;
  readonly body: string | undefined;
}

/** One request, understood. */
export interface RpcCall {
  readonly rpc: string;
  readonly request: JsonObject;
}

export type JsonObject = Readonly<Record<string, unknown>>;

const description = createRequire(import.meta.url)('@google-cloud/secret-manager/build/protos/protos.json') as Message;
const api = ['google', 'cloud', 'secretmanager', 'v1'].reduce<Message>(
  (message, name) => message.nested![name]!,
  description,
).nested!;
const methods = (api['SecretManagerService'] as unknown as { methods: Readonly<Record<string, Method>> }).methods;
const routes: readonly Route[] = Object.entries(methods).flatMap(([rpc, method]) => routesOf(rpc, method));

/** @throws GcpError as the service's front end does */
export function parseRpc(verb: string, url: URL, body: string): RpcCall {
  for (const route of routes) {
    const name = route.verb === verb ? route.pattern.exec(decodeURIComponent(url.pathname))?.[1] : undefined;
    if (name !== undefined) return { rpc: route.rpc, request: requestOf(route, name, url.searchParams, body) };
  }
  throw new GcpError('NOT_FOUND', 'Method not found.');
}

function routesOf(rpc: string, { requestType, parsedOptions }: Method): Route[] {
  const rule = parsedOptions.map((option) => option['(google.api.http)'] as HttpRule | undefined).find(Boolean);
  if (rule === undefined) return [];
  return [rule, rule.additional_bindings].flatMap((binding) => {
    if (binding === undefined) return [];
    const [verb, template] = Object.entries(binding).find(([key]) => ['get', 'post', 'patch', 'delete'].includes(key))!;
    const [, before = '', member = '', path = '', after = ''] = /^(.*)\{([^=]+)=([^}]+)\}(.*)$/.exec(
      template as string,
    )!;
    const pattern = new RegExp(`^${before}(${path.replaceAll('*', '[^/:]+')})${after}$`);
    return [{ rpc, requestType, verb: verb.toUpperCase(), pattern, member, body: binding.body }];
  });
}

function requestOf(route: Route, name: string, query: URLSearchParams, body: string): JsonObject {
  const request: Record<string, unknown> = {};
  for (const [key, value] of query) if (!key.startsWith('$')) request[key] = value;
  if (body !== '' && route.body === undefined)
    throw new GcpError('INVALID_ARGUMENT', 'Request body must be empty for this method.');
  if (route.body === '*') Object.assign(request, JSON.parse(body || '{}'));
  else if (route.body !== undefined) request[route.body] = JSON.parse(body || '{}');
  const [first = '', second] = route.member.split('.');
  if (second === undefined) request[first] = name;
  else request[first] = { ...(request[first] as object), [second]: name };
  check(route.requestType, request, '');
  return request;
}

function check(type: string, value: JsonObject, path: string): void {
  const message = lookup(type);
  for (const [key, member] of Object.entries(value)) {
    const field = message?.fields?.[key];
    const where = path === '' ? key : `${path}.${key}`;
    if (field === undefined)
      throw new GcpError(
        'INVALID_ARGUMENT',
        `Invalid JSON payload received. Unknown name "${key}" at '${path}': Cannot find field.`,
      );
    checkField(field, member, where);
  }
}

function checkField(field: Field, value: unknown, path: string): void {
  if (field.keyType !== undefined)
    for (const [key, member] of Object.entries(value as object)) checkValue(field.type, member, `${path}[${key}]`);
  else if (field.rule === 'repeated')
    for (const [index, member] of (value as unknown[]).entries()) checkValue(field.type, member, `${path}[${index}]`);
  else checkValue(field.type, value, path);
}

function checkValue(type: string, value: unknown, path: string): void {
  const fits = scalars[type];
  if (fits !== undefined) {
    if (fits(value)) return;
    throw new GcpError('INVALID_ARGUMENT', `Invalid value at '${path}' (TYPE_${type.toUpperCase()})`);
  }
  if (typeof value === 'object' && value !== null && lookup(type)?.fields !== undefined)
    check(type, value as JsonObject, path);
}

/** How JSON writes each scalar, by the proto3 JSON mapping. */
const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean' || value === 'true' || value === 'false',
  int32: (value) => /^-?\d+$/.test(String(value)),
  int64: (value) => /^-?\d+$/.test(String(value)),
  bytes: (value) => typeof value === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value),
};

function lookup(type: string): Message | undefined {
  if (api[type] !== undefined) return api[type];
  const nested = (message: Message): Message | undefined => {
    for (const [name, inner] of Object.entries(message.nested ?? {})) {
      const found = name === type ? inner : nested(inner);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return nested({ nested: api });
}
