/** What to read from a provider, and how to treat what was read. */
import { z } from 'zod';
import type { Immutable } from './metadata.ts';

/** Keys with characters that a Secret does not allow: `Default` makes them `_`, `Unicode` makes them `_U0041_`. */
export const ConversionStrategy = z.enum(['Default', 'Unicode']);
export type ConversionStrategy = z.output<typeof ConversionStrategy>;

export const DecodingStrategy = z.enum(['Auto', 'Base64', 'Base64URL', 'None']);
export type DecodingStrategy = z.output<typeof DecodingStrategy>;

export const MetadataPolicy = z.enum(['None', 'Fetch']);
export type MetadataPolicy = z.output<typeof MetadataPolicy>;

export const NullBytePolicy = z.enum(['Ignore', 'Fail']);
export type NullBytePolicy = z.output<typeof NullBytePolicy>;

/** One remote secret: `remoteRef` of a data entry and `extract` of a dataFrom entry. The strategies have no defaults since ESO 2.9. */
export const RemoteRef = z.object({
  key: z.string().describe("The provider's name of the secret."),
  property: z.string().optional().describe('The part of the value to take, such as a field of a JSON object.'),
  version: z.string().optional().describe('The version to read; the newest when empty.'),
  metadataPolicy: MetadataPolicy.optional().describe('Fetch: read tags or labels instead of the value. Default None.'),
  conversionStrategy: ConversionStrategy.optional().describe('Treatment of keys that a Secret does not allow.'),
  decodingStrategy: DecodingStrategy.optional().describe('How values are decoded. Default None.'),
  nullBytePolicy: NullBytePolicy.optional().describe('Fail: refuse values with null bytes. Default Ignore.'),
});
export type RemoteRef = Immutable<z.output<typeof RemoteRef>>;
