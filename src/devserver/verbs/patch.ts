/** The four kinds of PATCH. */

import { apiVersionOf } from '../../api/resource.ts';
import { timestamp } from '../../lib/timestamp.ts';
import { joinKey } from '../../runtime/key.ts';
import { forbiddenField, invalidField, requiredField } from '../fielderror.ts';
import { applied } from '../fields/apply.ts';
import type { ServedKind } from '../kinds/served.ts';
import { type ApiObject, membersOf, withMeta } from '../object.ts';
import { jsonPatched } from '../patch/json.ts';
import { mergePatched } from '../patch/merge.ts';
import { strategicPatched } from '../patch/strategic.ts';
import { badRequest, invalid, StatusError, unsupportedMediaType } from '../status.ts';
import { completed, known } from './admission.ts';
import { type ApiContext, inVersion, type ObjectTarget, type WriteOptions } from './context.ts';
import { newborn, storeNew, withNamespace } from './create.ts';
import { change, expectName, expectSameObject, settled, storeChange } from './update.ts';

export interface PatchOptions extends WriteOptions {
  readonly force: boolean;
  /** False: the field manager is only what the user agent begins with. */
  readonly isManagerNamed: boolean;
}

const applyType = 'application/apply-patch+yaml';
type Patched = (target: unknown, patch: unknown) => unknown;

const patchTypes: ReadonlyMap<string, Patched> = new Map([
  ['application/json-patch+json', jsonPatched],
  ['application/merge-patch+json', mergePatched],
  ['application/strategic-merge-patch+json', strategicPatched],
]);

/** @param contentType says what kind of patch the body is @throws StatusError */
export function patch(
  context: ApiContext,
  target: ObjectTarget,
  contentType: string,
  body: unknown,
  options: PatchOptions,
): ApiObject {
  expectFitting(contentType, options);
  if (contentType === applyType) return apply(context, target, body, options);
  const patched = patchTypes.get(contentType);
  const accepted = acceptedTypes(target.kind);
  if (patched === undefined || !accepted.includes(contentType)) throw unsupportedMediaType(accepted);
  return change(context, target, (current) => withUidOf(target, current, patched(current, body)), options);
}

const patchOptions = { group: 'meta.k8s.io', plural: 'patchoptions', kind: 'PatchOptions' };

/** Only who applies can force, and only under a name. @throws StatusError 422 */
function expectFitting(contentType: string, { force, isManagerNamed }: PatchOptions): void {
  if (contentType !== applyType && force) {
    throw invalid(patchOptions, '', [forbiddenField('force', 'may not be specified for non-apply patch')]);
  }
  if (contentType === applyType && !isManagerNamed) {
    throw invalid(patchOptions, '', [requiredField('fieldManager', 'is required for apply patch')]);
  }
}

/** The status endpoint of custom kinds takes no notice of a uid; elsewhere it cannot be another. @throws StatusError 422 */
function withUidOf({ kind, name, subresource }: ObjectTarget, current: ApiObject, object: unknown): unknown {
  const metadata = membersOf(membersOf(object)['metadata']);
  const { uid } = current.metadata;
  if (metadata['uid'] === uid) return object;
  if (kind.isCustom && subresource === 'status') return { ...membersOf(object), metadata: { ...metadata, uid } };
  throw invalid(kind, name, [invalidField('metadata.uid', metadata['uid'], 'field is immutable')]);
}

/** Custom kinds have no strategy by which lists are merged. */
function acceptedTypes({ isCustom }: ServedKind): readonly string[] {
  const types = [...patchTypes.keys()].filter((type) => !isCustom || !type.includes('strategic'));
  return [...types, applyType];
}

function apply(context: ApiContext, target: ObjectTarget, body: unknown, options: PatchOptions): ApiObject {
  const { kind, namespace, name, subresource } = target;
  const config = configuration(target, body);
  const live = kind.objects.get(joinKey(namespace, name));
  const object = applied(live && inVersion(live, apiVersionOf(kind)), config, {
    writer: { manager: options.fieldManager, operation: 'Apply', apiVersion: apiVersionOf(kind), subresource },
    schema: kind.schema,
    force: options.force,
    time: timestamp(context.clock.now()),
  });
  const complete = completed(context, kind, object);
  const { managedFields } = object.metadata;
  if (live === undefined) {
    return storeNew(context, kind, withMeta(newborn(context, kind, complete), { managedFields }), options);
  }
  expectSameObject(target, live, complete);
  return storeChange(kind, live, withMeta(settled(target, live, complete), { managedFields }), options);
}

/** @throws StatusError 400, and 500 for a field that nobody could own */
function configuration(target: ObjectTarget, body: unknown): ApiObject {
  const { kind, namespace, name } = target;
  const { apiVersion, kind: type } = membersOf(body);
  if (apiVersion === undefined || type === undefined) throw badRequest('an applied object needs apiVersion and kind');
  const { value: config, unknownFields } = known(kind, body);
  const [unknown] = unknownFields;
  if (unknown !== undefined) throw untyped(config, unknown);
  if (config.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  expectName(name, config.metadata.name);
  return withNamespace(kind, namespace, config);
}

/** However lenient the client is: a configuration must have a type. */
function untyped({ apiVersion, kind, metadata }: ApiObject, field: string): StatusError {
  const what = `${metadata.namespace ?? ''}/${metadata.name}; ${apiVersion}, Kind=${kind}`;
  const message = `failed to create typed patch object (${what}): .${field}: field not declared in schema`;
  return new StatusError(500, 'InternalError', message);
}
