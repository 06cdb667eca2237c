/** Compares a generic target with what is wanted and says what has to be written. Pure: no request is made here. */
import { dataHashAnnotation } from '../../../api/constants.ts';
import type { KubeObject, ObjectMeta } from '../../../api/object.ts';
import { TerminalError, WaitError } from '../../../runtime/errors.ts';
import { createsTarget } from '../desiredsecret.ts';
import { controllerOf } from '../observedsecret.ts';
import { isOwnReference } from '../ownreference.ts';
import { cleared, clearingPatch, foreignKeys } from './clearing.ts';
import { contentHash } from './contenthash.ts';
import { configurationOf, type DesiredResource } from './desired.ts';
import { appliedFields, type FieldSet, fieldsOfOthers, fieldsUnder, ownsExactly, pick, without } from './fieldset.ts';
import { appliedHash, contentOf, type ObservedResource, ownContent } from './observed.ts';
import { predictContent } from './prediction.ts';
import { covers, type TreeMap } from './tree.ts';

export type ResourceChange =
  | { readonly kind: 'none' }
  /** The policy does not create, and there is nothing to merge into. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'create'; readonly configuration: KubeObject }
  | {
      readonly kind: 'apply';
      readonly configuration: KubeObject;
      /** A merge patch that comes first: an apply removes nothing that others wrote. */
      readonly clearing: object | undefined;
    };

/** An object that is being deleted can be made anew when it is gone. */
const terminatingRetryMs = 10_000;

/** Without the target itself: whether the digest of it shows that nothing has to be written. Not for shared targets. */
export function isAsDesired(desired: DesiredResource, observed: ObservedResource): boolean {
  const controller = controllerOf(observed.metadata);
  return (
    observed.intact &&
    observed.metadata.deletionTimestamp === undefined &&
    observed.applied.get(desired.fieldManager) === appliedHash(desired.content, desired.labels, desired.annotations) &&
    (controller?.uid === desired.self.uid) === (desired.owner !== undefined) &&
    hasFinalizers(desired, observed.metadata)
  );
}

/**
 * @param live the target as the server has it; undefined: it does not exist
 * @throws TerminalError when the target belongs to somebody else; WaitError while it is being deleted
 */
export function planResourceChange(desired: DesiredResource, live: KubeObject | undefined): ResourceChange {
  if (live === undefined) {
    if (!createsTarget(desired.creationPolicy)) return { kind: 'missing' };
    return { kind: 'create', configuration: configurationOf(desired, contentHash(desired.content, desired.content)) };
  }
  assertMayWrite(desired, live.metadata);
  const own = appliedFields(live.metadata, desired.fieldManager);
  const target: Target = { metadata: live.metadata, content: contentOf(live), own };
  const foreign = foreignKeys(desired, target.content, ownContent(own));
  const clearing = clearingPatch(desired, live.metadata, foreign);
  const dataHash = hashAfter(desired, { ...target, content: cleared(target.content, foreign) });
  if (clearing === undefined && isUpToDate(desired, target, dataHash)) return { kind: 'none' };
  return { kind: 'apply', configuration: configurationOf(desired, dataHash), clearing };
}

/** The target as it is. */
interface Target {
  readonly metadata: ObjectMeta;
  readonly content: TreeMap;
  /** What we applied. */
  readonly own: FieldSet;
}

function assertMayWrite({ resource, name, self, owner }: DesiredResource, metadata: ObjectMeta): void {
  const target = `${resource.kind} "${name.name}"`;
  if (metadata.deletionTimestamp !== undefined) {
    const options = { retryAfterMs: terminatingRetryMs };
    throw new WaitError('ResourceSyncedError', `target is being deleted: ${target}`, options);
  }
  const controller = controllerOf(metadata);
  if (controller === undefined || isOwnReference(controller, self)) return;
  const who = `controlled by ${controller.kind} "${controller.name}"`;
  if (controller.kind === 'ExternalSecret') {
    throw new TerminalError('ResourceSyncedError', `target is owned by another ExternalSecret: ${target} is ${who}`);
  }
  if (owner === undefined) return;
  throw new TerminalError('ResourceSyncedError', `failed to take ownership of target resource: ${target} is ${who}`);
}

function isUpToDate(desired: DesiredResource, { metadata, content, own }: Target, dataHash: string): boolean {
  const ownMetadata = fieldsUnder(own, 'metadata');
  const isOurs = controllerOf(metadata)?.uid === desired.self.uid;
  return (
    metadata.annotations?.[dataHashAnnotation] === dataHash &&
    covers(content, desired.content) &&
    ownsExactly(ownContent(own), desired.content) &&
    hasTexts(metadata.labels, desired.labels, fieldsUnder(ownMetadata, 'labels')) &&
    hasTexts(
      metadata.annotations,
      desired.annotations,
      without(fieldsUnder(ownMetadata, 'annotations'), dataHashAnnotation),
    ) &&
    isOurs === (desired.owner !== undefined) &&
    hasFinalizers(desired, metadata)
  );
}

function hasTexts(
  live: Readonly<Record<string, string>> | undefined,
  wanted: ReadonlyMap<string, string>,
  own: FieldSet,
): boolean {
  const texts = new Map(Object.entries(live ?? {}));
  return own.size === wanted.size && Array.from(wanted).every(([key, text]) => texts.get(key) === text && own.has(key));
}

function hasFinalizers({ finalizers }: DesiredResource, metadata: ObjectMeta): boolean {
  return finalizers.every((finalizer) => metadata.finalizers?.includes(finalizer) === true);
}

/** Several ExternalSecrets that share a target without spec and data have one hash for what is theirs together. */
function hashAfter(desired: DesiredResource, { metadata, content, own }: Target): string {
  const after = predictContent(content, ownContent(own), desired.content);
  const others = ownContent(fieldsOfOthers(metadata, desired.fieldManager));
  return contentHash(after, predictContent(pick(after, others), new Map(), desired.content));
}
