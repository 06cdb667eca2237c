/** What a pushed Secret's labels and annotations become. */
import { z } from 'zod';
import type { Secret } from '../../kube/resources.ts';
import type { StoreIdentity } from '../../provider/context.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { PushRequest } from '../../provider/provider.ts';
import { parsePushMetadata } from '../../provider/pushmetadata.ts';

const PushMetadata = z.strictObject({
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  /** Whether the labels above are added to those of the pushed Secret or stand in their place. */
  sourceMergePolicy: z.enum(['Merge', 'Replace']).default('Merge'),
  /** Whether the outcome is added to what the remote Secret has, stands in its place, or is not used. */
  targetMergePolicy: z.enum(['Merge', 'Replace', 'Ignore']).default('Merge'),
  remoteNamespace: z.string().optional(),
});
export type PushMetadata = z.output<typeof PushMetadata>;

/** @throws ProviderError `invalid` */
export function pushMetadataOf(metadata: unknown, store: StoreIdentity): PushMetadata {
  const parsed = parsePushMetadata(metadata, PushMetadata) ?? PushMetadata.parse({});
  if (parsed.remoteNamespace !== undefined && store.kind !== 'ClusterSecretStore') {
    throw new ProviderError('invalid', 'metadata.spec.remoteNamespace is only allowed with a ClusterSecretStore');
  }
  return parsed;
}

type Texts = Readonly<Record<string, string>>;

/** The labels and annotations to write. */
export function mergedMetadata(
  present: Secret,
  source: PushRequest['source'],
  metadata: PushMetadata,
): { labels?: Texts; annotations?: Texts } {
  const { labels, annotations } = present.metadata;
  const merged = {
    labels: merge(labels, source?.labels, metadata.labels, metadata),
    annotations: merge(annotations, source?.annotations, metadata.annotations, metadata),
  };
  return {
    ...(labels === undefined && Object.keys(merged.labels).length === 0 ? {} : { labels: merged.labels }),
    ...(annotations === undefined && Object.keys(merged.annotations).length === 0
      ? {}
      : { annotations: merged.annotations }),
  };
}

function merge(target: Texts = {}, source: Texts = {}, given: Texts, policies: PushMetadata): Texts {
  if (policies.targetMergePolicy === 'Ignore') return target;
  const pushed = policies.sourceMergePolicy === 'Replace' ? given : { ...portable(source), ...given };
  return policies.targetMergePolicy === 'Replace' ? pushed : { ...target, ...pushed };
}

/**
 * Marks that mean something only where they are: with ours, the operator over there would take the copy for a Secret of
 * its own and delete it as an orphan; kubectl's repeats the values.
 */
function portable(texts: Texts): Texts {
  const isLocal = (key: string): boolean =>
    key.startsWith('reconcile.external-secrets.io/') || key === 'kubectl.kubernetes.io/last-applied-configuration';
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !isLocal(key)));
}
