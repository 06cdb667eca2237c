import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ProviderError } from './errors.ts';
import { parsePushMetadata } from './pushmetadata.ts';

const Spec = z.strictObject({ tags: z.record(z.string(), z.string()).default({}) });
const envelope = { apiVersion: 'kubernetes.external-secrets.io/v1alpha1', kind: 'PushSecretMetadata' };

describe('the metadata of a PushSecret entry', () => {
  it('is the spec inside its envelope, with defaults', () => {
    expect(parsePushMetadata({ ...envelope, spec: { tags: { a: 'b' } } }, Spec)).toEqual({ tags: { a: 'b' } });
    expect(parsePushMetadata({ ...envelope, spec: {} }, Spec)).toEqual({ tags: {} });
    expect(parsePushMetadata(envelope, Spec)).toEqual({ tags: {} });
  });

  it('may be absent', () => {
    expect(parsePushMetadata(undefined, Spec)).toBeUndefined();
    expect(parsePushMetadata(null, Spec)).toBeUndefined();
  });

  it.each([
    [{ ...envelope, spec: { tags: { a: 1 } } }, 'metadata.spec.tags.a is not valid'],
    [{ ...envelope, spec: { unknown: true } }, 'metadata.spec is not valid'],
    [{ ...envelope, more: true }, 'metadata is not valid'],
    [{ ...envelope, kind: 'Other' }, 'metadata.kind is not valid'],
    [{ tags: {} }, 'metadata.apiVersion is not valid'],
    [[], 'metadata is not valid'],
  ])('is refused as %j, with the member that is wrong', (metadata, message) => {
    expect(() => parsePushMetadata(metadata, Spec)).toThrow(ProviderError);
    expect(() => parsePushMetadata(metadata, Spec)).toThrow(message);
  });
});
