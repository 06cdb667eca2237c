/** The two lists of an ExternalSecret that say what is read: `data` and `dataFrom`. */
import { z } from 'zod';
import { exactlyOne, stringMap } from './dialect.ts';
import type { Immutable } from './metadata.ts';
import { DataKey, GeneratorRef, SecretStoreRef } from './refs.ts';
import { ConversionStrategy, DecodingStrategy, NullBytePolicy, RemoteRef } from './remoteref.ts';
import { Rewrite } from './rewrite.ts';

/** Where an entry comes from when it is not the ExternalSecret's own store. */
export const SourceRef = exactlyOne({
  storeRef: SecretStoreRef.optional(),
  generatorRef: GeneratorRef.optional(),
});
export type SourceRef = Immutable<z.output<typeof SourceRef>>;

export const DataEntry = z.object({
  secretKey: DataKey.describe('The key in the Secret.'),
  remoteRef: RemoteRef,
  sourceRef: SourceRef.optional().describe('Another store, or a generator, for this entry.'),
});
export type DataEntry = Immutable<z.output<typeof DataEntry>>;

/** Searches the store; what is given must all match. */
export const Find = z.object({
  path: z.string().optional().describe('Search below this path.'),
  name: z.object({ regexp: z.string().optional() }).optional().describe('Names that match, in RE2 syntax.'),
  tags: stringMap().optional().describe('Secrets with all of these tags.'),
  conversionStrategy: ConversionStrategy.optional(),
  decodingStrategy: DecodingStrategy.optional(),
  nullBytePolicy: NullBytePolicy.optional(),
});
export type Find = Immutable<z.output<typeof Find>>;

export const DataFromEntry = z.object({
  extract: RemoteRef.optional().describe('Every key of one remote secret.'),
  find: Find.optional().describe('Every remote secret that matches.'),
  rewrite: z.array(Rewrite).optional().describe('Changes of the keys, applied in order.'),
  sourceRef: SourceRef.optional().describe('Another store for this entry, or the generator that makes it.'),
});
export type DataFromEntry = Immutable<z.output<typeof DataFromEntry>>;
