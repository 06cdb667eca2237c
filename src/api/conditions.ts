/** Conditions: the last judgement about an object, in the words of Kubernetes. */
import { z } from 'zod';
import { dateTime, int64 } from './dialect.ts';
import type { Immutable } from './metadata.ts';

export const Condition = z.object({
  type: z.string(),
  /** `True`, `False` or `Unknown`. */
  status: z.string(),
  /** CamelCase and stable: programs read it. */
  reason: z.string().optional(),
  /** For people; holds the cause, never a secret value. */
  message: z.string().optional(),
  /** When `status` last changed. */
  lastTransitionTime: dateTime().optional(),
  /** The generation that was judged. */
  observedGeneration: int64().optional(),
});
export type Condition = Immutable<z.output<typeof Condition>>;

/** The condition of this type, if there is one. */
export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}
