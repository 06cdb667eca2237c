/** PUT and PATCH: an object that is there becomes another. */

import { apiVersionOf } from '../../api/resource.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { joinKey } from '../../runtime/key.ts';
import { keyOf } from '../collection.ts';
import { invalidField } from '../fielderror.ts';
import { withUpdatedOwnership } from '../fields/managers.ts';
import type { ServedKind } from '../kinds/served.ts';
import {
  type ApiObject,
  isEqualJson,
  isJsonObject,
  type JsonObject,
  membersOf,
  withMeta,
  withoutMember,
} from '../object.ts';
import { badRequest, conflict, invalid, staleVersion } from '../status.ts';
import { admitted } from './admission.ts';
import { type ApiContext, existing, inVersion, type ObjectTarget, type WriteOptions } from './context.ts';
import { create } from './create.ts';
import { metadataErrors, withServerMeta } from './metadata.ts';

/** PUT. @throws StatusError */
export function replace(context: ApiContext, target: ObjectTarget, body: unknown, options: WriteOptions): ApiObject {
  const { kind, namespace, name, subresource } = target;
  expectName(name, membersOf(membersOf(body)['metadata'])['name']);
  const isMissing = kind.objects.get(joinKey(namespace, name)) === undefined;
  if (isMissing && kind.behaviour.allowsCreateOnUpdate && subresource === undefined) {
    return create(context, target, withoutVersion(body), options);
  }
  return change(context, target, () => body, options);
}

/** Who updates what is gone makes it again, whatever version was seen last. */
function withoutVersion(body: unknown): unknown {
  if (!isJsonObject(body)) return body;
  const { resourceVersion: _, uid: __, ...metadata } = membersOf(body['metadata']);
  return { ...body, metadata };
}

/** @param patched makes the new object from the current one, both in the version of the request @throws StatusError */
export function change(
  context: ApiContext,
  target: ObjectTarget,
  patched: (current: ApiObject) => unknown,
  options: WriteOptions,
): ApiObject {
  const current = existing(target);
  const { kind } = target;
  const proposed = admitted(context, kind, patched(inVersion(current, apiVersionOf(kind))), options);
  expectSameObject(target, current, proposed);
  const next = settled(target, current, proposed);
  const isReset = isWiped(proposed.metadata.managedFields);
  const owned = isReset
    ? withMeta(next, { managedFields: undefined })
    : withWriter(context, target, current, next, options);
  return storeChange(kind, current, owned, options);
}

/** An empty list, or one with an empty entry, asks the server to forget who wrote what. */
function isWiped(managedFields: ApiObject['metadata']['managedFields']): boolean {
  if (managedFields === undefined) return false;
  return managedFields.every((entry) => Object.keys(entry).length === 0) && managedFields.length <= 1;
}

/** The new object with everything that is not for this request to change. */
export function settled(target: ObjectTarget, current: ApiObject, proposed: ApiObject): ApiObject {
  const { kind, subresource } = target;
  const allowed = subresource === 'status' ? withStatusOf(current, proposed) : proposed;
  const own = subresource === undefined && kind.hasStatus ? withStatusOf(proposed, current) : allowed;
  const complete = withServerMeta(own, current);
  const prepared = kind.behaviour.prepare?.(complete, current) ?? complete;
  const isNewWish = kind.behaviour.hasGeneration && !isEqualJson(wishOf(kind, prepared), wishOf(kind, current));
  return isNewWish ? withMeta(prepared, { generation: (current.metadata.generation ?? 0) + 1 }) : prepared;
}

/** Writes if anything changed; an object that is being deleted and has nothing left to stay for goes. */
export function storeChange(kind: ServedKind, current: ApiObject, next: ApiObject, options: WriteOptions): ApiObject {
  const errors = [
    ...metadataErrors(kind, next, current),
    ...(kind.validator?.errors(next) ?? []),
    ...(kind.behaviour.validate?.(next, current) ?? []),
  ];
  if (errors.length > 0) throw invalid(kind, next.metadata.name ?? '', errors);
  if (isEqualJson(next, current)) return current;
  if (options.dryRun) return next;
  const { deletionTimestamp, finalizers = [] } = next.metadata;
  if (deletionTimestamp === undefined || finalizers.length > 0 || isHeldOtherwise(kind)) return kind.objects.put(next);
  kind.objects.remove(keyOf(next));
  return next;
}

/** A namespace goes when it is empty, not when its finalizers are gone. */
function isHeldOtherwise({ group, plural }: ServedKind): boolean {
  return group === '' && plural === 'namespaces';
}

function withWriter(
  { clock }: ApiContext,
  { kind, subresource }: ObjectTarget,
  current: ApiObject,
  next: ApiObject,
  { fieldManager }: WriteOptions,
): ApiObject {
  const writer = { manager: fieldManager, operation: 'Update', apiVersion: apiVersionOf(kind), subresource } as const;
  return withUpdatedOwnership(current, next, { writer, schema: kind.schema, time: timestamp(clock.now()) });
}

/** @throws StatusError when it is another object, or was read too long ago */
export function expectSameObject(
  { kind, name, namespace }: ObjectTarget,
  current: ApiObject,
  proposed: ApiObject,
): void {
  const { metadata } = proposed;
  expectName(name, metadata.name);
  if (kind.namespaced && metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (metadata.uid !== undefined && metadata.uid !== current.metadata.uid) {
    const uids = `UID in precondition: ${metadata.uid}, UID in object meta: ${current.metadata.uid}`;
    throw conflict(kind, name, `Precondition failed: ${uids}`);
  }
  if (metadata.resourceVersion === undefined && !kind.behaviour.allowsUnconditionalUpdate) {
    const error = invalidField('metadata.resourceVersion', 0, 'must be specified for an update');
    // For built-in kinds it is not the kind's own validation that says so.
    throw invalid({ ...kind, kind: kind.isCustom ? kind.kind : kind.plural }, name, [error]);
  }
  const given = metadata.resourceVersion ?? current.metadata.resourceVersion;
  if (given !== current.metadata.resourceVersion) throw staleVersion(kind, name);
}

/** @throws StatusError 400 */
export function expectName(name: string, given: unknown): void {
  if (typeof given !== 'string') {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (given !== name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  }
}

function withStatusOf(object: ApiObject, source: ApiObject): ApiObject {
  const { status } = source;
  // Status is not what makes it an object.
  return status === undefined ? (withoutMember(object, 'status') as ApiObject) : { ...object, status };
}

/** What the user wants: everything but metadata and what the status endpoint is for. */
function wishOf({ hasStatus }: ServedKind, object: ApiObject): JsonObject {
  const { apiVersion: _, metadata: __, ...members } = object;
  return hasStatus ? withoutMember(members, 'status') : members;
}
