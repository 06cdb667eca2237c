/** Objects as the server keeps them: JSON that is never changed in place. */
import type { KubeObject, ObjectMeta } from '../api/object.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Metadata with the members that only a server deals with. */
export interface ApiMeta extends ObjectMeta {
  readonly deletionGracePeriodSeconds?: number;
  readonly selfLink?: string;
}

export interface ApiObject extends KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ApiMeta;
  readonly [member: string]: unknown;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of a value that should be an object; none when it is something else. */
export function membersOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The same object with other metadata; members that are set to undefined are gone. */
export function withMeta(
  object: ApiObject,
  changes: { readonly [K in keyof ApiMeta]?: ApiMeta[K] | undefined },
): ApiObject {
  return { ...object, metadata: withoutUndefined({ ...object.metadata, ...changes }) };
}

export function withoutMember(object: JsonObject, member: string): JsonObject {
  const { [member]: _, ...rest } = object;
  return rest;
}

/** Deep equality of JSON; the order of members does not count. */
export function isEqualJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isEqualJson(item, b[index]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isEqualJson(a[name], b[name]))
  );
}

function withoutUndefined(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
