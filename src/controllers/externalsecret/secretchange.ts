/** Compares a target Secret with what is wanted and says what has to be written. Pure: no request is made here. */
import { createdByLabel, dataHashAnnotation } from '../../api/constants.ts';
import type { OwnerReference } from '../../api/object.ts';
import type { Secret } from '../../kube/resources.ts';
import { hashOfData } from '../../lib/gohash.ts';
import { TerminalError } from '../../runtime/errors.ts';
import { createsTarget, type DesiredSecret, sharesTarget } from './desiredsecret.ts';
import { controllerOf, metadataHash, type ObservedSecret, ownsNothing } from './observedsecret.ts';
import { isOwnReference } from './ownreference.ts';

export type SecretChange =
  | { readonly kind: 'none' }
  /** The policy does not create, and there is nothing to merge into. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'create'; readonly secret: Secret }
  /** The hash of a shared target's data needs the others' values: read it, then decide again. */
  | { readonly kind: 'readFirst' }
  | { readonly kind: 'patch'; readonly patch: SecretPatch; readonly blockedByImmutability: boolean };

/** A JSON merge patch; `null` removes. */
export interface SecretPatch {
  readonly metadata: {
    readonly resourceVersion: string | undefined;
    readonly labels: Readonly<Record<string, string | null>>;
    readonly annotations: Readonly<Record<string, string | null>>;
    readonly ownerReferences?: readonly OwnerReference[];
    readonly finalizers?: readonly string[];
  };
  readonly data?: Readonly<Record<string, string | null>>;
  readonly immutable?: true;
}

/**
 * @param observed the target as last seen; undefined: it does not exist
 * @param liveData the target's data, when it was read; only shared targets need it
 * @throws TerminalError when the target belongs to somebody else or its type would have to change
 */
export function planChange(
  desired: DesiredSecret,
  observed: ObservedSecret | undefined,
  liveData?: ReadonlyMap<string, Uint8Array>,
): SecretChange {
  if (observed === undefined) {
    return createsTarget(desired.creationPolicy) ? { kind: 'create', secret: newSecret(desired) } : { kind: 'missing' };
  }
  assertMayWrite(desired, observed);
  if (isUnchanged(desired, observed)) return { kind: 'none' };
  if (sharesTarget(desired.creationPolicy) && liveData === undefined) return { kind: 'readFirst' };
  return planPatch(desired, observed, liveData ?? new Map());
}

function newSecret(desired: DesiredSecret): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: desired.name,
      namespace: desired.namespace,
      labels: desired.labels,
      annotations: { ...desired.annotations, [dataHashAnnotation]: hashOfData(desired.data) },
      ...(desired.owner !== undefined && { ownerReferences: [desired.owner] }),
      ...(desired.finalizers.length > 0 && { finalizers: desired.finalizers }),
    },
    ...(desired.type !== undefined && { type: desired.type }),
    ...(desired.immutable && { immutable: true }),
    data: encodeData(desired.data),
  };
}

function assertMayWrite(desired: DesiredSecret, observed: ObservedSecret): void {
  const controller = controllerOf(observed.metadata);
  if (controller !== undefined && !isOwnReference(controller, desired.self)) {
    if (controller.kind === 'ExternalSecret') {
      throw new TerminalError(
        'SecretSyncedError',
        `target is owned by another ExternalSecret: Secret "${desired.name}" is controlled by "${controller.name}"`,
      );
    }
    if (desired.owner !== undefined) {
      throw new TerminalError(
        'SecretSyncedError',
        `failed to take ownership of target secret: "${desired.name}" is controlled by ${controller.kind} "${controller.name}"`,
      );
    }
  }
  if (desired.type !== undefined && desired.type !== observed.type) {
    throw new TerminalError(
      'SecretSyncedError',
      `could not update secret: the type of Secret "${desired.name}" is "${observed.type}" and cannot be changed to ` +
        `"${desired.type}"; delete the Secret to have it created anew`,
    );
  }
}

function isUnchanged(desired: DesiredSecret, observed: ObservedSecret): boolean {
  const owned = observed.owned.get(desired.fieldManager) ?? ownsNothing;
  const dataHash = sharesTarget(desired.creationPolicy) ? owned.dataHash : observed.dataHash;
  return (
    observed.intact &&
    dataHash === hashOfData(desired.data) &&
    owned.metadataHash === metadataHash(desired.labels, desired.annotations) &&
    (observed.immutable || !desired.immutable) &&
    missingFinalizers(desired, observed).length === 0 &&
    ownerReferencesAfter(desired, observed) === undefined &&
    (desired.owner !== undefined || observed.createdBy === undefined)
  );
}

function planPatch(
  desired: DesiredSecret,
  observed: ObservedSecret,
  liveData: ReadonlyMap<string, Uint8Array>,
): SecretChange {
  const owned = observed.owned.get(desired.fieldManager) ?? ownsNothing;
  const shared = sharesTarget(desired.creationPolicy);
  const stale = (shared ? owned.data : observed.dataKeys).filter((key) => !desired.data.has(key));
  const dataHash = hashOfData(shared ? mergedData(liveData, stale, desired.data) : desired.data);
  const frozen = observed.immutable && dataHash !== observed.dataHash;
  const finalizers = missingFinalizers(desired, observed);
  const ownerReferences = ownerReferencesAfter(desired, observed);
  const annotations = { ...desired.annotations, [dataHashAnnotation]: frozen ? observed.dataHash : dataHash };
  const patch: SecretPatch = {
    metadata: {
      resourceVersion: observed.metadata.resourceVersion,
      labels: { ...nulls(staleLabels(desired, observed, owned.labels)), ...desired.labels },
      annotations: { ...nulls(without(owned.annotations, annotations)), ...annotations },
      ...(ownerReferences !== undefined && { ownerReferences }),
      ...(finalizers.length > 0 && { finalizers: [...(observed.metadata.finalizers ?? []), ...finalizers] }),
    },
    ...(!frozen && dataHash !== observed.dataHash && { data: { ...nulls(stale), ...encodeData(desired.data) } }),
    ...(desired.immutable && !observed.immutable && { immutable: true as const }),
  };
  return { kind: 'patch', patch, blockedByImmutability: frozen };
}

function mergedData(
  live: ReadonlyMap<string, Uint8Array>,
  stale: readonly string[],
  own: ReadonlyMap<string, Uint8Array>,
): ReadonlyMap<string, Uint8Array> {
  const merged = new Map([...live, ...own]);
  for (const key of stale) merged.delete(key);
  return merged;
}

function staleLabels(desired: DesiredSecret, observed: ObservedSecret, owned: readonly string[]): readonly string[] {
  const stale = without(owned, desired.labels);
  return observed.createdBy !== undefined && desired.owner === undefined ? [...stale, createdByLabel] : stale;
}

/** The owner references to write; undefined when they are right already. */
function ownerReferencesAfter(desired: DesiredSecret, observed: ObservedSecret): readonly OwnerReference[] | undefined {
  const references = observed.metadata.ownerReferences ?? [];
  const { owner, self } = desired;
  const others = references.filter((reference) => !isOwnReference(reference, self));
  const ours = references.length - others.length;
  if (owner === undefined) return ours === 0 ? undefined : others;
  const isRight = ours === 1 && controllerOf(observed.metadata)?.uid === self.uid;
  return isRight ? undefined : [...others, owner];
}

function missingFinalizers(desired: DesiredSecret, observed: ObservedSecret): readonly string[] {
  return desired.finalizers.filter((finalizer) => observed.metadata.finalizers?.includes(finalizer) !== true);
}

function without(keys: readonly string[], wanted: Readonly<Record<string, unknown>>): readonly string[] {
  return keys.filter((key) => !Object.hasOwn(wanted, key));
}

function nulls(keys: readonly string[]): Readonly<Record<string, null>> {
  return Object.fromEntries(keys.map((key) => [key, null]));
}

function encodeData(data: ReadonlyMap<string, Uint8Array>): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from(data, ([key, value]) => [key, Buffer.from(value).toString('base64')]));
}
