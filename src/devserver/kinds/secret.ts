/** Secrets: what the API server checks of their types, keys and size, and that `stringData` is only a way to write. */
import type { StructuralSchema } from '../../api/structural.ts';
import { type FieldError, invalidField, requiredField } from '../fielderror.ts';
import { type ApiObject, isEqualJson, isJsonObject, type JsonObject, membersOf, withoutMember } from '../object.ts';
import { badRequest } from '../status.ts';
import { canonicalBase64, decodedBytes } from './base64.ts';
import { keyErrors, lockErrors, sizeErrors } from './keyedbytes.ts';
import type { KindBehaviour } from './served.ts';

export const secretSchema: StructuralSchema = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    immutable: { type: 'boolean' },
    data: { type: 'object', additionalProperties: { type: 'string', nullable: true } },
    stringData: { type: 'object', additionalProperties: { type: 'string', nullable: true } },
  },
};

export const secretBehaviour: KindBehaviour = {
  hasGeneration: false,
  allowsUnconditionalUpdate: true,
  allowsCreateOnUpdate: false,
  prepare(object, previous) {
    const data = { ...encoded(object['data']), ...encodedText(object['stringData']) };
    const { type } = object;
    return {
      // What remains is the object with other members.
      ...(withoutMember(withoutMember(object, 'stringData'), 'data') as ApiObject),
      ...((Object.keys(data).length > 0 || isJsonObject(object['data'])) && { data }),
      type: type === undefined || type === '' ? (previous?.['type'] ?? 'Opaque') : type,
    };
  },
  validate(object, previous) {
    const data = membersOf(object['data']);
    const bytes = Object.values(data).reduce<number>((sum, value) => sum + decodedBytes(String(value)), 0);
    return [
      ...keyErrors('data', data),
      ...sizeErrors('data', bytes),
      ...typeErrors(object, previous),
      ...lockErrors(object, previous, ['data']),
      ...contentErrors(object, data),
    ];
  },
};

/** @throws StatusError 400, as the real server's decoder, which does not say of which key */
function encoded(data: unknown): JsonObject {
  const entries = Object.entries(membersOf(data)).map(([key, value]) => {
    const text = canonicalBase64(textIn(value));
    if (text === undefined)
      throw badRequest('Secret in version "v1" cannot be handled as a Secret: illegal base64 data');
    return [key, text] as const;
  });
  return Object.fromEntries(entries);
}

function encodedText(stringData: unknown): JsonObject {
  return Object.fromEntries(
    Object.entries(membersOf(stringData)).map(
      ([key, value]) => [key, Buffer.from(textIn(value)).toString('base64')] as const,
    ),
  );
}

/** Null is an empty value; the schema lets nothing else through. */
function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function typeErrors(object: ApiObject, previous: ApiObject | undefined): readonly FieldError[] {
  if (previous === undefined || isEqualJson(object['type'], previous['type'])) return [];
  return [invalidField('type', object['type'], 'field is immutable')];
}

/** What the types of Kubernetes itself promise to whoever mounts the Secret. */
function contentErrors(object: ApiObject, data: JsonObject): readonly FieldError[] {
  switch (object['type']) {
    case 'kubernetes.io/tls':
      return ['tls.crt', 'tls.key'].flatMap((key) => missing(data, key));
    case 'kubernetes.io/dockerconfigjson':
      return [...missing(data, '.dockerconfigjson'), ...malformed(data, '.dockerconfigjson')];
    case 'kubernetes.io/dockercfg':
      return [...missing(data, '.dockercfg'), ...malformed(data, '.dockercfg')];
    case 'kubernetes.io/ssh-auth':
      return missing(data, 'ssh-privatekey');
    case 'kubernetes.io/basic-auth':
      if (Object.hasOwn(data, 'username') || Object.hasOwn(data, 'password')) return [];
      return [requiredField('data[username]'), requiredField('data[password]')];
    case 'kubernetes.io/service-account-token': {
      const annotation = 'kubernetes.io/service-account.name';
      if ((object.metadata.annotations?.[annotation] ?? '') !== '') return [];
      return [requiredField(`metadata.annotations[${annotation}]`)];
    }
    default:
      return [];
  }
}

function missing(data: JsonObject, key: string): readonly FieldError[] {
  return Object.hasOwn(data, key) ? [] : [requiredField(`data[${key}]`)];
}

/** The value itself is not repeated. */
function malformed(data: JsonObject, key: string): readonly FieldError[] {
  const value = data[key];
  if (typeof value !== 'string' || isJson(Buffer.from(value, 'base64').toString('utf8'))) return [];
  return [invalidField(`data[${key}]`, '<secret contents redacted>', 'invalid character in JSON')];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
