/** How a template function is declared: its Go signature drives the engine's argument checks and their messages. */
import type { GoType } from './types.ts';
import type { Value } from './value.ts';

export interface TemplateFunction {
  readonly name: string;
  readonly parameters: readonly GoType[];
  /** The last parameter takes any number of arguments of its type; it is given as is, not as a slice type. */
  readonly variadic?: boolean;
  readonly result: GoType;
  /**
   * Runs with arguments that fit the parameters: converted constants, wrapped nothing. A variadic function gets its
   * arguments side by side.
   * @throws FunctionError where the Go function returns an error or panics
   */
  call(args: readonly Value[], runtime: FunctionRuntime): Value;
}

/** What a function may use besides its arguments; there is no network, file, environment or cluster in it. */
export interface FunctionRuntime {
  readonly budget: Budget;
  /** Epoch milliseconds. */
  now(): number;
  /** Cryptographically strong unless a test says otherwise. */
  randomBytes(length: number): Uint8Array;
}

/** Bounds what one rendering may cost; shared by all templates it calls. */
export interface Budget {
  /**
   * Accounts for work beyond one evaluation step: items made, bytes copied, and a fixed price for slow cryptography.
   * @throws LimitError when the rendering has used up its steps
   */
  charge(steps: number): void;
  /**
   * Refuses a text that is larger than any that a rendering may make on its way.
   * @throws LimitError
   */
  checkSize(bytes: number): void;
}

/** What a function reports: becomes `error calling NAME: MESSAGE` with the place in the template. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
}

/** The rendering was too expensive: never caught by a function, always ends it. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

export type FunctionTable = ReadonlyMap<string, TemplateFunction>;

/** A table of the functions by name; what comes later wins. */
export function functionTable(...families: readonly (readonly TemplateFunction[])[]): FunctionTable {
  return new Map(families.flat().map((fn) => [fn.name, fn]));
}

/** The declaration in one line: `define('trunc', [intType, stringType], stringType, (n, s) => ...)`. */
export function define(
  name: string,
  parameters: readonly GoType[],
  result: GoType,
  run: (args: readonly Value[], runtime: FunctionRuntime) => Value,
  variadic = false,
): TemplateFunction {
  return { name, parameters, result, variadic, call: run };
}
