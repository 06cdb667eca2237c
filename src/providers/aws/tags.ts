/** Tags of secrets and parameters, and the one that says who manages them. */
import { remoteOwnerMark } from '../../api/constants.ts';
import { marshalJson } from '../../lib/jsonvalue.ts';
import { RemoteValue } from './property.ts';

export type Tags = ReadonlyMap<string, string>;

/** As the API has them. */
export interface ApiTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export function tagsOf(tags: readonly ApiTag[] | undefined = []): Map<string, string> {
  return new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

export function toApiTags(tags: Tags): { Key: string; Value: string }[] {
  return Array.from(tags, ([Key, Value]) => ({ Key, Value }));
}

export function isManaged(tags: Tags): boolean {
  return tags.get(remoteOwnerMark.key) === remoteOwnerMark.value;
}

export function managedTags(tags: Readonly<Record<string, string>> = {}): Tags {
  return new Map(Object.entries(tags)).set(remoteOwnerMark.key, remoteOwnerMark.value);
}

export interface TagChanges {
  readonly added: Tags;
  readonly removed: readonly string[];
}

/**
 * @param wanted what the push names; undefined: it says nothing about tags, so all stay. Tags of AWS itself always stay:
 * nobody may remove them
 */
export function tagChanges(present: Tags, wanted: Readonly<Record<string, string>> | undefined): TagChanges {
  if (wanted === undefined) return { added: new Map(), removed: [] };
  const tags = managedTags(wanted);
  return {
    added: new Map([...tags].filter(([key, value]) => present.get(key) !== value)),
    removed: [...present.keys()].filter((key) => !tags.has(key) && !key.startsWith('aws:')),
  };
}

export function hasTags(present: Tags, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => present.get(key) === value);
}

/** What `metadataPolicy: Fetch` reads: one JSON object, keys sorted. */
export function tagsSecret(name: string, tags: Tags): RemoteValue {
  return new RemoteValue({ name: `the tags of ${name}`, version: undefined, bytes: Buffer.from(marshalJson(tags)) });
}
