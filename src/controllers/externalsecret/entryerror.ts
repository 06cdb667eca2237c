/** Says in which entry of the spec something went wrong; the error keeps its kind and with it its retry policy. */
import { ProviderError } from '../../provider/errors.ts';
import { TerminalError, toError, WaitError } from '../../runtime/errors.ts';
import type { Entry } from './entries.ts';

/** For reading: what is no judgement about the spec is tried again. */
export async function readingEntry<T>(entry: Entry, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw labelled(entry, error, (message, cause) => new Error(message, { cause }));
  }
}

/** For what is made of the answer: no second attempt can come to another result. */
export function treatingEntry<T>(entry: Entry, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw labelled(entry, error, (message, cause) => new TerminalError('SecretSyncedError', message, { cause }));
  }
}

function labelled(entry: Entry, thrown: unknown, otherwise: (message: string, cause: Error) => Error): Error {
  const error = toError(thrown);
  const message = `error processing ${entry.path}: ${error.message}`;
  if (error instanceof ProviderError) {
    const { kind, retryAfterMs } = error;
    return new ProviderError(kind, message, { cause: error, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  }
  if (error instanceof WaitError) {
    return new WaitError(error.reason, message, { retryAfterMs: error.retryAfterMs, cause: error });
  }
  if (error instanceof TerminalError) return new TerminalError(error.reason, message, { cause: error });
  return otherwise(message, error);
}
