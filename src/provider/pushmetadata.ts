/** The `metadata` of a PushSecret entry: an envelope that all providers share around a spec of their own. */
import { z } from 'zod';
import { ProviderError } from './errors.ts';

const Envelope = z.strictObject({
  apiVersion: z.literal('kubernetes.external-secrets.io/v1alpha1'),
  kind: z.literal('PushSecretMetadata'),
  spec: z.unknown().optional(),
});

/**
 * The spec inside the envelope; undefined without metadata.
 * @param Spec must refuse unknown members (`z.strictObject`), as ESO 2.9 does
 * @throws ProviderError `invalid` that names the member which is wrong
 */
export function parsePushMetadata<T>(metadata: unknown, Spec: z.ZodType<T>): T | undefined {
  if (metadata === undefined || metadata === null) return undefined;
  const envelope = parse(Envelope, metadata, 'metadata');
  return parse(Spec, envelope.spec ?? {}, 'metadata.spec');
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = [what, ...(issue?.path ?? [])].join('.');
  throw new ProviderError('invalid', `${path} is not valid: ${issue?.message ?? 'unknown reason'}`);
}
