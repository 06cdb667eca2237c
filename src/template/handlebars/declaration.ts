/** How a helper is declared, and how it reads its arguments. */
import type { Budget } from '../function.ts';

export interface Helper {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** @throws HelperError where the arguments are wrong */
  run(args: readonly unknown[], budget: Budget): unknown;
}

/** What a helper reports; its message holds no values. */
export class HelperError extends Error {
  override readonly name = 'HelperError';
}

/** The declaration in one line; `most` is `least` unless it is given. */
export function helper(name: string, least: number, run: Helper['run'], most = least): Helper {
  return { name, least, most, run };
}

/** Numbers and booleans are text where text is asked for. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new HelperError(`text is needed, not ${nameOf(value)}`);
}

export function integer(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new HelperError(`a whole number is needed, not ${nameOf(value)}`);
}

export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new HelperError(`a list is needed, not ${nameOf(value)}`);
}

/** What kind of value it is; never the value. */
export function nameOf(value: unknown): string {
  if (value === undefined) return 'a missing value';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** What `#if` takes for true: all but false, null, missing values, 0, empty text and empty lists. */
export function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
