/** Waiting for the world to become what it should be. */
import { setTimeout as wait } from 'node:timers/promises';

const everyMs = 25;

/**
 * Tries until the check passes, and gives what it gave.
 * @param timeoutMs generous: it is only reached when something is wrong
 * @throws the check's last error
 */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 30_000): Promise<T> {
  for (const startedAt = Date.now(); ; await wait(everyMs)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() - startedAt > timeoutMs) throw error;
    }
  }
}
