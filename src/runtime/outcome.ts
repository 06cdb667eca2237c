/** What became of one reconcile, as one of a few cases that a controller can switch over. */
import { isConflict } from '../kube/errors.ts';
import { ShutdownError, TerminalError, toError, WaitError } from './errors.ts';
import type { Result } from './result.ts';

export type Outcome =
  | Result
  /** Needs time. */
  | { readonly kind: 'wait'; readonly error: WaitError }
  /** Needs its user. */
  | { readonly kind: 'terminal'; readonly error: TerminalError }
  /** Another writer was faster: no failure, but the decision was made on an old state. */
  | { readonly kind: 'conflict'; readonly error: Error }
  /** Stopped by the shutdown: nothing is known of it, and nothing has to be. */
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'failed'; readonly error: Error; readonly isPanic: boolean };

/** @param signal of the reconcile */
export function outcomeOf(thrown: unknown, signal: AbortSignal): Outcome {
  if (signal.reason instanceof ShutdownError) return { kind: 'shutdown' };
  if (thrown instanceof WaitError) return { kind: 'wait', error: thrown };
  if (thrown instanceof TerminalError) return { kind: 'terminal', error: thrown };
  if (isConflict(thrown)) return { kind: 'conflict', error: thrown };
  return { kind: 'failed', error: toError(thrown), isPanic: isPanic(thrown) };
}

/** What nobody throws on purpose: errors of the language, and things that are not errors. */
function isPanic(thrown: unknown): boolean {
  const isLanguageError =
    thrown instanceof TypeError || thrown instanceof ReferenceError || thrown instanceof RangeError;
  return isLanguageError || !(thrown instanceof Error);
}
