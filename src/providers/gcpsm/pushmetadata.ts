/** What a pushed secret's labels, annotations, topics and replication become. */

import { z } from 'zod';
import { remoteOwnerMark } from '../../api/constants.ts';
import { parsePushMetadata } from '../../provider/pushmetadata.ts';
import type { CreateSecret, Secret } from './api.ts';
import type { Place } from './resourcename.ts';

const Texts = z.record(z.string(), z.string());

const PushMetadata = z.strictObject({
  annotations: Texts.default({}),
  labels: Texts.default({}),
  topics: z.array(z.string()).optional(),
  /** Whether labels and annotations are added to those of the secret or stand in their place. */
  mergePolicy: z.enum(['Merge', 'Replace']).default('Replace'),
  cmekKeyName: z.string().optional(),
  /** Of one replica; the older way to write `replicationLocations`, which win. */
  replicationLocation: z.string().optional(),
  replicationLocations: z.array(z.string()).optional(),
});
export type PushMetadata = z.output<typeof PushMetadata>;

type Labels = Readonly<Record<string, string>>;

const { key: markKey, value: markValue } = remoteOwnerMark;
const managedBy = { [markKey]: markValue };

/** @throws ProviderError `invalid` */
export function pushMetadataOf(metadata: unknown): PushMetadata | undefined {
  return parsePushMetadata(metadata, PushMetadata);
}

export function isManaged({ labels }: Secret): boolean {
  return labels?.[markKey] === markValue;
}

/** The secret to create. Where a regional secret is kept is settled by its location. */
export function newSecret(place: Place, metadata: PushMetadata | undefined): NonNullable<CreateSecret['secret']> {
  const { annotations = {}, labels = {}, topics = [] } = metadata ?? {};
  return {
    labels: { ...labels, ...managedBy },
    annotations,
    topics: topics.map((name) => ({ name })),
    ...(place.location === undefined ? { replication: replicationOf(metadata) } : encryption(metadata)),
  };
}

/** What has to change of a secret that is there, and the names of these fields; without metadata only the mark of being managed. */
export function changesOf(present: Secret, metadata: PushMetadata | undefined): { secret: Secret; paths: string[] } {
  const kept = metadata?.mergePolicy === 'Replace' ? {} : { labels: present.labels, annotations: present.annotations };
  const wanted = {
    labels: { ...kept.labels, ...metadata?.labels, ...managedBy },
    annotations: { ...kept.annotations, ...metadata?.annotations },
    topics: metadata?.topics?.map((name) => ({ name })) ?? present.topics ?? [],
  };
  const paths = [
    ...(isEqual(present.labels ?? {}, wanted.labels) ? [] : ['labels']),
    ...(isEqual(present.annotations ?? {}, wanted.annotations) ? [] : ['annotations']),
    ...(topicNames(present.topics) === topicNames(wanted.topics) ? [] : ['topics']),
  ];
  return { secret: wanted, paths };
}

function replicationOf(metadata: PushMetadata | undefined): NonNullable<Secret['replication']> {
  const { replicationLocation, replicationLocations = [] } = metadata ?? {};
  const single = replicationLocation === undefined ? [] : [replicationLocation];
  const locations = replicationLocations.length > 0 ? replicationLocations : single;
  if (locations.length === 0) return { automatic: encryption(metadata) };
  return { userManaged: { replicas: locations.map((location) => ({ location, ...encryption(metadata) })) } };
}

function encryption(metadata: PushMetadata | undefined): { customerManagedEncryption?: { kmsKeyName: string } } {
  const kmsKeyName = metadata?.cmekKeyName;
  return kmsKeyName === undefined ? {} : { customerManagedEncryption: { kmsKeyName } };
}

function isEqual(left: Labels, right: Labels): boolean {
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => left[key] === right[key]);
}

function topicNames(topics: Secret['topics']): string {
  return JSON.stringify(topics?.map(({ name }) => name) ?? []);
}
