/** The four kinds of PATCH. */
import { apiVersionOf } from '../../api/resource.ts';
import { joinKey } from '../../runtime/key.ts';
import { applied } from '../fields/apply.ts';
import type { ServedKind } from '../kinds/served.ts';
import { type ApiObject, withMeta } from '../object.ts';
import { jsonPatched } from '../patch/json.ts';
import { mergePatched } from '../patch/merge.ts';
import { strategicPatched } from '../patch/strategic.ts';
import { badRequest, unsupportedMediaType } from '../status.ts';
import { completed, recognised } from './admission.ts';
import { type ApiContext, inVersion, type ObjectTarget, timestamp, type WriteOptions } from './context.ts';
import { newborn, storeNew, withNamespace } from './create.ts';
import { change, expectSameObject, settled, storeChange } from './update.ts';

export interface PatchOptions extends WriteOptions {
  readonly force: boolean;
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
  if (contentType === applyType) return apply(context, target, body, options);
  const patched = patchTypes.get(contentType);
  const accepted = acceptedTypes(target.kind);
  if (patched === undefined || !accepted.includes(contentType)) throw unsupportedMediaType(accepted);
  return change(context, target, (current) => patched(current, body), options);
}

/** Custom kinds have no strategy by which lists are merged. */
function acceptedTypes({ isCustom }: ServedKind): readonly string[] {
  const types = [...patchTypes.keys()].filter((type) => !isCustom || !type.includes('strategic'));
  return [...types, applyType];
}

function apply(context: ApiContext, target: ObjectTarget, body: unknown, options: PatchOptions): ApiObject {
  const { kind, namespace, name, subresource } = target;
  const config = configuration(target, body, options);
  const live = kind.objects.get(joinKey(namespace, name));
  const object = applied(live && inVersion(live, apiVersionOf(kind)), config, {
    writer: { manager: options.fieldManager, operation: 'Apply', apiVersion: apiVersionOf(kind), subresource },
    schema: kind.schema,
    force: options.force,
    time: timestamp(context.clock),
  });
  const complete = completed(context, kind, object);
  const { managedFields } = object.metadata;
  if (live === undefined) {
    return storeNew(context, kind, withMeta(newborn(context, kind, complete), { managedFields }), options);
  }
  expectSameObject(target, live, complete);
  return storeChange(kind, live, withMeta(settled(target, live, complete), { managedFields }), options);
}

/** What the schema does not have is not applied, so nobody owns it. @throws StatusError 400 */
function configuration(target: ObjectTarget, body: unknown, options: WriteOptions): ApiObject {
  const { kind, namespace, name } = target;
  const config = recognised(kind, body, options);
  if (config.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  return withNamespace(kind, namespace, withMeta(config, { name: config.metadata.name ?? name }));
}
