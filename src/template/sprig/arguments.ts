/** Narrows a function's arguments to what the engine has already checked them to be. */
import { GoInt, GoMap, type Value } from '../value.ts';

/** A value as a destructured parameter gives it. */
export type Argument = Value | undefined;

export function text(argument: Argument): string {
  return typeof argument === 'string' ? argument : wrong('string', argument);
}

/** A Go `int`; beyond 2^53 it is no longer exact, which no length or index is. */
export function integer(argument: Argument): number {
  return argument instanceof GoInt ? Number(argument.value) : wrong('int', argument);
}

export function float(argument: Argument): number {
  return typeof argument === 'number' ? argument : wrong('float64', argument);
}

export function flag(argument: Argument): boolean {
  return typeof argument === 'boolean' ? argument : wrong('bool', argument);
}

export function map(argument: Argument): GoMap {
  return argument instanceof GoMap ? argument : wrong('map', argument);
}

/** A parameter of type `interface{}`. */
export function any(argument: Argument): Value {
  return argument ?? null;
}

function wrong(expected: string, argument: Argument): never {
  throw new TypeError(`the engine passed ${typeof argument} for ${expected}`);
}
