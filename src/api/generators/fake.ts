/** The Fake generator: answers with what it was given. For tests and trials. */
import { z } from 'zod';
import { stringMap } from '../dialect.ts';
import type { Immutable } from '../metadata.ts';

export const FakeGeneratorSpec = z.object({
  controller: z.string().optional().describe('The class of the controller that serves this generator; empty: any.'),
  data: stringMap().optional().describe('Keys and values that it answers with.'),
});
export type FakeGeneratorSpec = Immutable<z.output<typeof FakeGeneratorSpec>>;
