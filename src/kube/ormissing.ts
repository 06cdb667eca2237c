/** Reads that may find nothing. */
import { isNotFound } from './errors.ts';

/** What was read, or undefined when it does not exist. Every other failure passes through. */
export async function orMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
