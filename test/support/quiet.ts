/** Time in which nothing should happen. */
import { setTimeout as wait } from 'node:timers/promises';

/** For counting what happens meanwhile; nobody asserts on the time itself. */
export async function quietFor(durationMs: number): Promise<void> {
  await wait(durationMs);
}
