/** GeneratorState: what a generator made outside the cluster, kept until it has been taken back. */
import { z } from 'zod';
import { Condition } from './conditions.ts';
import { dateTime, freeJson } from './dialect.ts';
import type { Immutable, NamespacedObject } from './metadata.ts';

export const GeneratorStateSpec = z.object({
  resource: freeJson().describe('The generator as it was.'),
  state: freeJson().describe("The generator's own notes; no secret values."),
  garbageCollectionDeadline: dateTime().optional().describe('When it may be taken back; empty: still in use.'),
});
export type GeneratorStateSpec = Immutable<z.output<typeof GeneratorStateSpec>>;

export const GeneratorStateStatus = z.object({
  conditions: z.array(Condition).optional(),
});
export type GeneratorStateStatus = Immutable<z.output<typeof GeneratorStateStatus>>;

/** What stands beside the metadata. */
export const GeneratorState = z.object({
  spec: GeneratorStateSpec.optional(),
  status: GeneratorStateStatus.optional(),
});

export interface GeneratorState extends NamespacedObject {
  readonly spec?: GeneratorStateSpec | undefined;
  readonly status?: GeneratorStateStatus | undefined;
}
