/**
 * What the operator remembers of a managed Secret: hashes and names, never a value. The informer's transform makes one
 * from each event and drops the Secret, so that drift is seen without a read and without values in memory.
 */
import { createdByLabel, dataHashAnnotation, fieldManagerPrefix, managedLabel } from '../../api/constants.ts';
import type { KubeObject, ManagedFieldsEntry, ObjectMeta, OwnerReference } from '../../api/object.ts';
import type { Secret } from '../../kube/resources.ts';
import { hashOfData } from '../../lib/gohash.ts';

export interface ObservedSecret extends KubeObject {
  readonly metadata: ObjectMeta;
  readonly type: string;
  readonly immutable: boolean;
  /** `reconcile.external-secrets.io/created-by`: the hash of the ExternalSecret that owns it. */
  readonly createdBy: string | undefined;
  /** Carries the managed label, and its data-hash annotation tells the truth about its data. */
  readonly intact: boolean;
  readonly dataKeys: readonly string[];
  /** The hash of all data, as ESO's ObjectHash. */
  readonly dataHash: string;
  /** What each of our field managers owns in it. */
  readonly owned: ReadonlyMap<string, OwnedFields>;
}

/** The fields that one field manager owns, from `metadata.managedFields`. */
export interface OwnedFields {
  readonly data: readonly string[];
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  /** The hash of the owned data with its values. */
  readonly dataHash: string;
  /** The hash of the owned labels and annotations with their values. */
  readonly metadataHash: string;
}

export const ownsNothing: OwnedFields = { data: [], labels: [], annotations: [], dataHash: '', metadataHash: '' };

/** Digests a Secret. Pure; the result shares nothing with it but strings of its metadata. */
export function observeSecret(secret: Secret): ObservedSecret {
  const data = decodeData(secret.data);
  const dataHash = hashOfData(data);
  const { labels = {}, annotations = {} } = secret.metadata;
  return {
    metadata: slimMetadata(secret.metadata),
    type: secret.type ?? 'Opaque',
    immutable: secret.immutable === true,
    createdBy: labels[createdByLabel],
    intact: labels[managedLabel] === 'true' && annotations[dataHashAnnotation] === dataHash,
    dataKeys: [...data.keys()],
    dataHash,
    owned: ownedFields(secret, data),
  };
}

/** Decodes the base64 of a Secret's `data`. */
export function decodeData(data: Readonly<Record<string, string>> | undefined): Map<string, Uint8Array> {
  const decoded = new Map<string, Uint8Array>();
  for (const [key, value] of Object.entries(data ?? {})) decoded.set(key, Buffer.from(value, 'base64'));
  return decoded;
}

/** A hash over labels and annotations that tells whether they have to be written again. */
export function metadataHash(
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): string {
  return hashOfData(new Map([...bytesOf('label', labels), ...bytesOf('annotation', annotations)]));
}

function* bytesOf(prefix: string, entries: Readonly<Record<string, string>>): Iterable<[string, Uint8Array]> {
  for (const [key, value] of Object.entries(entries)) yield [`${prefix}/${key}`, Buffer.from(value)];
}

/** Identity and ownership, without what names values. */
export function slimMetadata(metadata: ObjectMeta): ObjectMeta {
  const { name, namespace, uid, resourceVersion, deletionTimestamp, finalizers, ownerReferences } = metadata;
  return {
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    ...(finalizers !== undefined && { finalizers }),
    ...(ownerReferences !== undefined && { ownerReferences }),
  };
}

function ownedFields(secret: Secret, data: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, OwnedFields> {
  const owned = new Map<string, OwnedFields>();
  for (const entry of secret.metadata.managedFields ?? []) {
    if (entry.manager?.startsWith(fieldManagerPrefix) !== true || entry.subresource) continue;
    owned.set(entry.manager, merge(owned.get(entry.manager), fieldsOf(entry), secret, data));
  }
  return owned;
}

interface FieldNames {
  readonly data: readonly string[];
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
}

function fieldsOf(entry: ManagedFieldsEntry): FieldNames {
  const metadata = childOf(entry.fieldsV1, 'metadata');
  return {
    data: namesIn(childOf(entry.fieldsV1, 'data')),
    labels: namesIn(childOf(metadata, 'labels')),
    annotations: namesIn(childOf(metadata, 'annotations')),
  };
}

/** One manager may have several entries (one an operation or API version): it owns their union. */
function merge(
  before: OwnedFields | undefined,
  names: FieldNames,
  secret: Secret,
  values: ReadonlyMap<string, Uint8Array>,
): OwnedFields {
  const data = union(before?.data, names.data);
  const labels = union(before?.labels, names.labels);
  const annotations = union(before?.annotations, names.annotations);
  return {
    data,
    labels,
    annotations,
    dataHash: hashOfData(new Map(data.flatMap((key) => entryOf(key, values.get(key))))),
    metadataHash: metadataHash(
      pick(secret.metadata.labels, labels),
      pick(
        secret.metadata.annotations,
        annotations.filter((key) => key !== dataHashAnnotation),
      ),
    ),
  };
}

function entryOf(key: string, value: Uint8Array | undefined): [string, Uint8Array][] {
  return value === undefined ? [] : [[key, value]];
}

function union(before: readonly string[] | undefined, names: readonly string[]): readonly string[] {
  return before === undefined ? names : [...new Set([...before, ...names])];
}

function pick(
  source: Readonly<Record<string, string>> | undefined,
  keys: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.flatMap((key) => (source?.[key] === undefined ? [] : [[key, source[key]]])));
}

type FieldTrie = Readonly<Record<string, unknown>> | undefined;

function childOf(trie: FieldTrie, name: string): FieldTrie {
  const child = trie?.[`f:${name}`];
  return typeof child === 'object' && child !== null ? (child as Readonly<Record<string, unknown>>) : undefined;
}

function namesIn(trie: FieldTrie): readonly string[] {
  return Object.keys(trie ?? {}).flatMap((member) => (member.startsWith('f:') ? [member.slice(2)] : []));
}

/** The controller owner among the references, if there is one. */
export function controllerOf(metadata: ObjectMeta): OwnerReference | undefined {
  return metadata.ownerReferences?.find((reference) => reference.controller === true);
}
