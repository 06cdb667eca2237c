/** Errors of the code below a function as the function's own. */
import { FunctionError, LimitError } from '../function.ts';

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
