/** Everything of a pushed secret but its value. What `metadata` does not name stays as it is. */

import { isDeepStrictEqual } from 'node:util';
import type { DescribeSecretCommandOutput, ReplicationStatusType } from '@aws-sdk/client-secrets-manager';
import type { ScopedObjects } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import { tagChanges, tagsOf, toApiTags } from '../tags.ts';
import type { SecretsManagerApi } from './api.ts';
import type { PushMetadata, ResourcePolicy } from './pushmetadata.ts';

export interface PushedSecret {
  readonly api: SecretsManagerApi;
  readonly objects: ScopedObjects;
  readonly name: string;
  readonly present: DescribeSecretCommandOutput;
  readonly metadata: PushMetadata;
}

export async function settleAttributes(secret: PushedSecret, signal: AbortSignal): Promise<void> {
  await settleDescription(secret, signal);
  await settleTags(secret, signal);
  await settleRegions(secret, signal);
  await settlePolicy(secret, signal);
}

/** Where the policy text comes from: looked up in the namespace of the PushSecret. */
export async function settlePolicy(
  { api, objects, name, metadata }: Omit<PushedSecret, 'present'>,
  signal: AbortSignal,
): Promise<void> {
  const { resourcePolicy } = metadata;
  if (resourcePolicy === undefined) return;
  const policy = await policyText(resourcePolicy, objects);
  const present = await api.getResourcePolicy(name, signal);
  if (present !== undefined && isDeepStrictEqual(jsonOf(present), jsonOf(policy))) return;
  const { blockPublicPolicy } = resourcePolicy;
  const blocking = blockPublicPolicy === undefined ? {} : { BlockPublicPolicy: blockPublicPolicy };
  await api.putResourcePolicy({ SecretId: name, ResourcePolicy: policy, ...blocking }, signal);
}

export function regionsOf(replicas: readonly ReplicationStatusType[] | undefined = []): string[] {
  return replicas.flatMap(({ Region }) => (Region === undefined ? [] : [Region]));
}

async function settleDescription({ api, name, present, metadata }: PushedSecret, signal: AbortSignal): Promise<void> {
  const { description = present.Description, kmsKeyId = present.KmsKeyId } = metadata;
  if (description === present.Description && kmsKeyId === present.KmsKeyId) return;
  await api.updateSecret({ SecretId: name, Description: description, KmsKeyId: kmsKeyId }, signal);
}

async function settleTags({ api, name, present, metadata }: PushedSecret, signal: AbortSignal): Promise<void> {
  const { added, removed } = tagChanges(tagsOf(present.Tags), metadata.tags);
  if (removed.length > 0) await api.untagResource(name, removed, signal);
  if (added.size > 0) await api.tagResource(name, toApiTags(added), signal);
}

async function settleRegions({ api, name, present, metadata }: PushedSecret, signal: AbortSignal): Promise<void> {
  const { replicationLocations: wanted } = metadata;
  if (wanted === undefined) return;
  const regions = regionsOf(present.ReplicationStatus);
  const removed = regions.filter((region) => !wanted.includes(region));
  const added = wanted.filter((region) => !regions.includes(region));
  if (removed.length > 0) await api.removeRegions(name, removed, signal);
  if (added.length > 0) await api.addRegions(name, added, signal);
}

async function policyText({ policySourceRef }: ResourcePolicy, objects: ScopedObjects): Promise<string> {
  const { kind, name, key } = policySourceRef;
  const text =
    kind === 'ConfigMap'
      ? await objects.configMapKey({ name, key })
      : Buffer.from(await objects.secretKey({ name, key })).toString('utf8');
  if (jsonOf(text) !== undefined) return text;
  throw new ProviderError('invalid', `the resource policy in ${kind} ${name} is not JSON`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
