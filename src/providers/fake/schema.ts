/** What stands under `spec.provider.fake`. */
import { z } from 'zod';
import type { Immutable } from '../../api/metadata.ts';

export const FakeEntry = z.object({
  key: z.string(),
  value: z.string(),
  version: z.string().optional().describe('Only a reference with this version reads the value.'),
});
export type FakeEntry = Immutable<z.output<typeof FakeEntry>>;

export const FakeSpec = z.object({
  data: z.array(FakeEntry).describe('The secrets that the store has.'),
  validationResult: z.int().optional().describe('What validation says: 0 ready, 1 unknown, 2 failed.'),
});
export type FakeSpec = Immutable<z.output<typeof FakeSpec>>;
