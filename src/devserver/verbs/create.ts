/** POST: a new object. */

import { apiVersionOf } from '../../api/resource.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { keyOf } from '../collection.ts';
import { withUpdatedOwnership } from '../fields/managers.ts';
import type { ServedKind } from '../kinds/served.ts';
import { type ApiObject, withMeta, withoutMember } from '../object.ts';
import { alreadyExists, badRequest, forbidden, invalid, notFound, StatusError } from '../status.ts';
import { admitted } from './admission.ts';
import { type ApiContext, type CollectionTarget, type WriteOptions } from './context.ts';
import { metadataErrors } from './metadata.ts';

/** @throws StatusError */
export function create(
  context: ApiContext,
  { kind, namespace }: CollectionTarget,
  body: unknown,
  options: WriteOptions,
): ApiObject {
  const object = withNamespace(kind, namespace, admitted(context, kind, body, options));
  if (object.metadata.resourceVersion !== undefined) {
    // The real server takes it for a mistake of its own.
    throw new StatusError(500, 'InternalError', 'resourceVersion should not be set on objects to be created');
  }
  const writer = { manager: options.fieldManager, operation: 'Update', apiVersion: apiVersionOf(kind) } as const;
  const born = newborn(context, kind, object);
  const time = timestamp(context.clock.now());
  return storeNew(context, kind, withUpdatedOwnership(undefined, born, { writer, schema: kind.schema, time }), options);
}

/** The object with everything that the server decides when one is made; its managedFields are kept. */
export function newborn({ clock }: ApiContext, kind: ServedKind, object: ApiObject): ApiObject {
  const { generateName = '', name } = object.metadata;
  const complete = withMeta(object, {
    name: name ?? (generateName === '' ? undefined : generateName.slice(0, 58) + randomSuffix()),
    uid: crypto.randomUUID(),
    creationTimestamp: timestamp(clock.now()),
    generation: kind.behaviour.hasGeneration ? 1 : undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    selfLink: undefined,
  });
  // Without its status an object still is one.
  const spec = kind.hasStatus ? (withoutMember(complete, 'status') as ApiObject) : complete;
  return kind.behaviour.prepare?.(spec, undefined) ?? spec;
}

/** @throws StatusError when it is invalid, is there already, or its namespace takes nothing new */
export function storeNew(context: ApiContext, kind: ServedKind, object: ApiObject, options: WriteOptions): ApiObject {
  const { name = '', namespace } = object.metadata;
  const errors = [
    ...metadataErrors(kind, object, undefined),
    ...(kind.validator?.errors(object) ?? []),
    ...(kind.behaviour.validate?.(object, undefined) ?? []),
  ];
  if (kind.namespaced) expectOpenNamespace(context, kind, namespace ?? '', name);
  if (errors.length > 0) throw invalid(kind, name, errors);
  if (kind.objects.get(keyOf(object)) !== undefined) throw alreadyExists(kind, name);
  return options.dryRun ? object : kind.objects.put(object);
}

/** @throws StatusError 400 when the object says another namespace than the path */
export function withNamespace(kind: ServedKind, namespace: string | undefined, object: ApiObject): ApiObject {
  const given = object.metadata.namespace;
  if (!kind.namespaced) return withMeta(object, { namespace: undefined });
  if (namespace === undefined) throw new StatusError(405, 'MethodNotAllowed', 'the namespace of the object is missing');
  if (given !== undefined && given !== namespace) {
    const rule = 'the namespace of the provided object does not match the namespace sent on the request';
    throw badRequest(rule);
  }
  return withMeta(object, { namespace });
}

function expectOpenNamespace({ catalog }: ApiContext, kind: ServedKind, namespace: string, name: string): void {
  const namespaces = catalog.find('', 'v1', 'namespaces');
  const found = namespaces?.objects.get(namespace);
  if (namespaces === undefined || found === undefined) {
    throw notFound({ group: '', plural: 'namespaces', kind: 'Namespace' }, namespace);
  }
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const message = `namespace ${namespace} is being terminated`;
  throw forbidden(kind, name, why, [{ reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }]);
}

/** As the API's own: without vowels and digits that would make words. */
const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

function randomSuffix(): string {
  return [...crypto.getRandomValues(new Uint8Array(5))]
    .map((byte) => suffixLetters[byte % suffixLetters.length])
    .join('');
}
