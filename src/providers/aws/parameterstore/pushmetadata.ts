/** `metadata` of a PushSecret entry for Parameter Store. */
import { z } from 'zod';
import { parsePushMetadata } from '../../../provider/pushmetadata.ts';

const PushMetadata = z.strictObject({
  secretType: z.enum(['String', 'StringList', 'SecureString']).optional(),
  kmsKeyID: z.string().optional(),
  tier: z
    .strictObject({
      type: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']).optional(),
      /** Policies of an advanced parameter, as AWS documents them. */
      policies: z.unknown().optional(),
    })
    .optional(),
  /** A whole Secret becomes JSON of texts instead of base64. */
  encodeAsDecoded: z.boolean().default(false),
  tags: z.record(z.string(), z.string()).optional(),
  description: z.string().optional(),
});
export type PushMetadata = z.output<typeof PushMetadata>;

/** @throws ProviderError `invalid` */
export function pushMetadataOf(metadata: unknown): PushMetadata {
  return parsePushMetadata(metadata, PushMetadata) ?? { encodeAsDecoded: false };
}
