/** `metadata` of a PushSecret entry for Secrets Manager. */
import { z } from 'zod';
import { ProviderError } from '../../../provider/errors.ts';
import { parsePushMetadata } from '../../../provider/pushmetadata.ts';

const ResourcePolicy = z.strictObject({
  /** AWS refuses a policy that lets everybody in. */
  blockPublicPolicy: z.boolean().optional(),
  policySourceRef: z.strictObject({ kind: z.enum(['ConfigMap', 'Secret']), name: z.string(), key: z.string() }),
});
export type ResourcePolicy = z.output<typeof ResourcePolicy>;

const PushMetadata = z.strictObject({
  tags: z.record(z.string(), z.string()).optional(),
  description: z.string().optional(),
  secretPushFormat: z.enum(['binary', 'string']).optional(),
  kmsKeyID: z.string().optional(),
  /** The same: ESO reads this member without regard to case. */
  kmsKeyId: z.string().optional(),
  resourcePolicy: ResourcePolicy.optional(),
  replicationLocations: z.array(z.string()).optional(),
});
export type PushMetadata = Omit<z.output<typeof PushMetadata>, 'kmsKeyID'>;

/** @throws ProviderError `invalid` */
export function pushMetadataOf(metadata: unknown): PushMetadata {
  const { kmsKeyID, kmsKeyId = kmsKeyID, ...rest } = parsePushMetadata(metadata, PushMetadata) ?? {};
  if (kmsKeyID !== undefined && kmsKeyId !== kmsKeyID)
    throw new ProviderError('invalid', 'metadata.spec has two different KMS keys');
  return kmsKeyId === undefined ? rest : { ...rest, kmsKeyId };
}
