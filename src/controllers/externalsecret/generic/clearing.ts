/** What has to be removed from a target before it is applied: an apply removes nothing that others wrote. Pure. */
import type { ObjectMeta, OwnerReference } from '../../../api/object.ts';
import { sharesTarget } from '../desiredsecret.ts';
import { isOwnReference } from '../ownreference.ts';
import type { DesiredResource } from './desired.ts';
import { type FieldSet, fieldsUnder } from './fieldset.ts';
import { getAt, type Path, setAt } from './path.ts';
import { jsonObjectOf, type TreeMap } from './tree.ts';

/** The maps that hold provider data: with Owner and Orphan they are ours alone, as the data of a Secret is. */
const dataPaths: readonly Path[] = [['data'], ['spec', 'data']];

/**
 * Keys that somebody else put into maps that are ours alone. Elsewhere the fields of others stay: controllers, webhooks
 * and autoscalers write into the specs of objects, and removing that would be a fight.
 * @param own what we applied: that goes by itself
 */
export function foreignKeys(desired: DesiredResource, content: TreeMap, own: FieldSet): readonly Path[] {
  if (sharesTarget(desired.creationPolicy)) return [];
  return dataPaths.flatMap((path) => {
    const [live, wanted] = [getAt(content, path), getAt(desired.content, path)];
    if (!(live instanceof Map) || !(wanted instanceof Map)) return [];
    const applied = path.reduce<FieldSet>((fields, segment) => fieldsUnder(fields, String(segment)), own);
    const foreign = [...live.keys()].filter((key) => !wanted.has(key) && !applied.has(key));
    return foreign.map((key): Path => [...path, key]);
  });
}

/** The merge patch that removes them, and us from the owners when we are none. Undefined: nothing has to go. */
export function clearingPatch(
  desired: DesiredResource,
  metadata: ObjectMeta,
  foreign: readonly Path[],
): object | undefined {
  const references = ownerReferencesWithoutUs(desired, metadata);
  if (foreign.length === 0 && references === undefined) return undefined;
  const nulls: TreeMap = new Map();
  for (const path of foreign) setAt(nulls, path, null);
  const { resourceVersion } = metadata;
  const ownerReferences = references === undefined ? {} : { ownerReferences: references };
  return { ...jsonObjectOf(nulls), metadata: { resourceVersion, ...ownerReferences } };
}

/** The content without those keys. */
export function cleared(content: TreeMap, foreign: readonly Path[]): TreeMap {
  return foreign.reduce<TreeMap>((rest, path) => withoutAt(rest, path), content);
}

function withoutAt(map: TreeMap, [segment, ...rest]: readonly (string | number)[]): TreeMap {
  const key = String(segment);
  const copy: TreeMap = new Map(map);
  const member = map.get(key);
  if (rest.length === 0) copy.delete(key);
  else if (member instanceof Map) copy.set(key, withoutAt(member, rest));
  return copy;
}

/** Undefined when they are right: we are among them only as the owner. */
function ownerReferencesWithoutUs(
  { owner, self }: DesiredResource,
  { ownerReferences = [] }: ObjectMeta,
): readonly OwnerReference[] | undefined {
  const others = ownerReferences.filter((reference) => !isOwnReference(reference, self));
  return owner === undefined && others.length < ownerReferences.length ? others : undefined;
}
