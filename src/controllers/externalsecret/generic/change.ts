/** Compares a generic target with what is wanted and says what has to be written. Pure: no request is made here. */
import { dataHashAnnotation } from '../../../api/constants.ts';
import type { KubeObject, ObjectMeta, OwnerReference } from '../../../api/object.ts';
import { TerminalError, WaitError } from '../../../runtime/errors.ts';
import { createsTarget, sharesTarget } from '../desiredsecret.ts';
import { controllerOf } from '../observedsecret.ts';
import { contentHash } from './contenthash.ts';
import { configurationOf, type DesiredResource } from './desired.ts';
import { appliedFields, type FieldSet, fieldsOfOthers, fieldsUnder, ownsExactly, pick, without } from './fieldset.ts';
import { appliedHash, contentOf, type ObservedResource, ownContent } from './observed.ts';
import { getAt, type Path, setAt } from './path.ts';
import { predictContent } from './prediction.ts';
import { covers, jsonObjectOf, type TreeMap } from './tree.ts';

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
    (controller?.uid === desired.selfUid) === (desired.owner !== undefined) &&
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
  const content = contentOf(live);
  const foreign = foreignKeys(desired, content, ownContent(own));
  const clearing = clearingPatch(desired, live.metadata, foreign);
  const dataHash = hashAfter(desired, live.metadata, removed(content, foreign), own);
  if (clearing === undefined && isUpToDate(desired, live.metadata, content, own, dataHash)) return { kind: 'none' };
  return { kind: 'apply', configuration: configurationOf(desired, dataHash), clearing };
}

function assertMayWrite({ resource, name, selfUid, owner }: DesiredResource, metadata: ObjectMeta): void {
  const target = `${resource.kind} "${name.name}"`;
  if (metadata.deletionTimestamp !== undefined) {
    const options = { retryAfterMs: terminatingRetryMs };
    throw new WaitError('ResourceSyncedError', `target is being deleted: ${target}`, options);
  }
  const controller = controllerOf(metadata);
  if (controller === undefined || controller.uid === selfUid) return;
  const who = `controlled by ${controller.kind} "${controller.name}"`;
  if (controller.kind === 'ExternalSecret') {
    throw new TerminalError('ResourceSyncedError', `target is owned by another ExternalSecret: ${target} is ${who}`);
  }
  if (owner === undefined) return;
  throw new TerminalError('ResourceSyncedError', `failed to take ownership of target resource: ${target} is ${who}`);
}

function isUpToDate(
  desired: DesiredResource,
  metadata: ObjectMeta,
  content: TreeMap,
  own: FieldSet,
  dataHash: string,
): boolean {
  const ownMetadata = fieldsUnder(own, 'metadata');
  const isOurs = controllerOf(metadata)?.uid === desired.selfUid;
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

/** The maps that hold provider data: with Owner and Orphan they are ours alone, as the data of a Secret is. */
const dataPaths: readonly Path[] = [['data'], ['spec', 'data']];

/**
 * Keys that somebody else put into maps that are ours alone. Elsewhere the fields of others stay: controllers, webhooks
 * and autoscalers write into the specs of objects, and removing that would be a fight.
 */
function foreignKeys(desired: DesiredResource, content: TreeMap, own: FieldSet): readonly Path[] {
  if (sharesTarget(desired.creationPolicy)) return [];
  return dataPaths.flatMap((path) => {
    const [live, wanted] = [getAt(content, path), getAt(desired.content, path)];
    if (!(live instanceof Map) || !(wanted instanceof Map)) return [];
    const applied = path.reduce<FieldSet>((fields, segment) => fieldsUnder(fields, String(segment)), own);
    const foreign = [...live.keys()].filter((key) => !wanted.has(key) && !applied.has(key));
    return foreign.map((key): Path => [...path, key]);
  });
}

function clearingPatch(desired: DesiredResource, metadata: ObjectMeta, foreign: readonly Path[]): object | undefined {
  const references = ownerReferencesWithoutUs(desired, metadata);
  if (foreign.length === 0 && references === undefined) return undefined;
  const nulls: TreeMap = new Map();
  for (const path of foreign) setAt(nulls, path, null);
  const { resourceVersion } = metadata;
  const ownerReferences = references === undefined ? {} : { ownerReferences: references };
  return { ...jsonObjectOf(nulls), metadata: { resourceVersion, ...ownerReferences } };
}

/** Undefined when they are right: we are among them only as the owner. */
function ownerReferencesWithoutUs(
  desired: DesiredResource,
  { ownerReferences = [] }: ObjectMeta,
): readonly OwnerReference[] | undefined {
  const others = ownerReferences.filter(({ uid }) => uid !== desired.selfUid);
  return desired.owner === undefined && others.length < ownerReferences.length ? others : undefined;
}

function removed(content: TreeMap, paths: readonly Path[]): TreeMap {
  const names = (at: Path): ReadonlySet<string> =>
    new Set(paths.filter((path) => path.length === at.length + 1).map((path) => String(path.at(-1))));
  const rest: TreeMap = new Map(content);
  for (const path of dataPaths) {
    const map = getAt(rest, path);
    if (map instanceof Map) setAt(rest, path, new Map(Array.from(map).filter(([key]) => !names(path).has(key))));
  }
  return rest;
}

function hashAfter(desired: DesiredResource, metadata: ObjectMeta, content: TreeMap, own: FieldSet): string {
  const after = predictContent(content, ownContent(own), desired.content);
  const others = ownContent(fieldsOfOthers(metadata, desired.fieldManager));
  return contentHash(after, predictContent(pick(after, others), new Map(), desired.content));
}
