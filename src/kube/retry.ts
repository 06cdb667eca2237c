/** Which refusals and failures the client itself tries again, as client-go does. */
import { ApiError, ConnectionError } from './errors.ts';

export interface Attempt {
  /** Failures so far, this one included. */
  readonly number: number;
  /** Reading twice harms nobody; a write of which no answer came may have happened. */
  readonly isRead: boolean;
}

const maxRefusals = 10;
const maxBrokenReads = 3;
const reconnectDelayMs = 200;

/** The wait before the next try in milliseconds; undefined: give up. */
export function retryDelayMs(error: unknown, attempt: Attempt): number | undefined {
  if (error instanceof ApiError) {
    // A server that says when to come again has not done anything yet: true for every verb.
    const isTemporary = error.status === 429 || error.status >= 500;
    return isTemporary && attempt.number < maxRefusals ? error.retryAfterMs : undefined;
  }
  if (error instanceof ConnectionError && attempt.isRead && attempt.number < maxBrokenReads) {
    return reconnectDelayMs * attempt.number;
  }
  return undefined;
}
