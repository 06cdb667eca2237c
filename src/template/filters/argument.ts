/** What the filters share: reading their arguments and reporting their failures. */
import { FunctionError, LimitError } from '../function.ts';
import type { Value } from '../value.ts';

/** A string argument, which the engine has checked. */
export function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Whatever goes wrong inside is the function's error, with `context` before its message; limits pass through. */
export function failing<T>(compute: () => T, context?: string): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof LimitError || error instanceof FunctionError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new FunctionError(context === undefined ? message : `${context}: ${message}`, { cause: error });
  }
}
