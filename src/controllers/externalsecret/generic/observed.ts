/** What the operator remembers of a generic target: hashes and names, never a value. */
import { createdByLabel, dataHashAnnotation, managedLabel } from '../../../api/constants.ts';
import type { KubeObject, ObjectMeta } from '../../../api/object.ts';
import { slimMetadata } from '../observedsecret.ts';
import { contentHash, hashOfTree } from './contenthash.ts';
import { appliedByManager, type FieldSet, fieldsUnder, pick, unionOfSets, without } from './fieldset.ts';
import { type TreeMap, treeMapOf } from './tree.ts';

export interface ObservedResource extends KubeObject {
  readonly metadata: ObjectMeta;
  /** `reconcile.external-secrets.io/created-by`: the hash of the ExternalSecret that owns it. */
  readonly createdBy: string | undefined;
  /** Carries the managed label, and its data-hash annotation tells the truth about its content. */
  readonly intact: boolean;
  /** By field manager: the hash of what it applied, with its values (`appliedHash`). */
  readonly applied: ReadonlyMap<string, string>;
}

/** Digests a target. The result shares nothing with it but strings of its metadata. */
export function observeResource(object: KubeObject): ObservedResource {
  const { metadata } = object;
  const content = contentOf(object);
  const byManager = appliedByManager(metadata);
  const fields = [...byManager.values()].reduce(unionOfSets, new Map());
  const hash = contentHash(content, pick(content, ownContent(fields)));
  return {
    metadata: slimMetadata(metadata),
    createdBy: metadata.labels?.[createdByLabel],
    intact: metadata.labels?.[managedLabel] === 'true' && metadata.annotations?.[dataHashAnnotation] === hash,
    applied: new Map(Array.from(byManager, ([manager, own]) => [manager, hashOfApplied(metadata, content, own)])),
  };
}

/** What stands beside identity, metadata and status. */
export function contentOf(object: KubeObject): TreeMap {
  const { apiVersion: _, kind: __, metadata: ___, ...content } = object;
  const tree = treeMapOf(content);
  tree.delete('status');
  return tree;
}

/** A set without the fields of the metadata. */
export function ownContent(fields: FieldSet): FieldSet {
  return without(fields, 'metadata', 'status');
}

/** The same for what was applied and for what would be, when nothing has to be applied. */
export function appliedHash(
  content: TreeMap,
  labels: ReadonlyMap<string, string>,
  annotations: ReadonlyMap<string, string>,
): string {
  // Several ExternalSecrets may share a target; its data-hash is that of all of them.
  const own = Array.from(annotations).filter(([key]) => key !== dataHashAnnotation);
  return hashOfTree(
    new Map([
      ['content', content],
      ['labels', new Map(labels)],
      ['annotations', new Map(own)],
    ]),
  );
}

function hashOfApplied(metadata: ObjectMeta, content: TreeMap, own: FieldSet): string {
  const ownMetadata = fieldsUnder(own, 'metadata');
  return appliedHash(
    pick(content, ownContent(own)),
    pickTexts(metadata.labels, fieldsUnder(ownMetadata, 'labels')),
    pickTexts(metadata.annotations, fieldsUnder(ownMetadata, 'annotations')),
  );
}

function pickTexts(texts: Readonly<Record<string, string>> | undefined, fields: FieldSet): ReadonlyMap<string, string> {
  return new Map(Object.entries(texts ?? {}).filter(([key]) => fields.has(key)));
}
