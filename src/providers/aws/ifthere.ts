/** What need not exist. */
import { isSecretNotFound } from '../../provider/errors.ts';

/** @returns undefined instead of a rejection that says `notFound` */
export async function ifThere<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (isSecretNotFound(error)) return undefined;
    throw error;
  }
}
