/** Sprig's strval: any value as text. */
import { noFlags } from '../fmt/flags.ts';
import { formatValue } from '../fmt/value.ts';
import type { FunctionRuntime } from '../function.ts';
import { bytesText, GoSlice, type Value } from '../value.ts';

/** As `%v` prints it. */
export function printed(value: Value, { budget }: FunctionRuntime): string {
  return formatValue(value, 'v', noFlags(), budget);
}

/** As `%v` prints it, but byte slices are the text they hold. */
export function strval(value: Value, runtime: FunctionRuntime): string {
  if (typeof value === 'string') return value;
  const isBytes = value instanceof GoSlice && value.type.name === '[]uint8';
  return isBytes ? bytesText(value) : printed(value, runtime);
}

/** A list's items as texts without its nils; anything else is a list of itself, nil an empty one. */
export function strslice(value: Value, runtime: FunctionRuntime): string[] {
  if (value === null) return [];
  if (!(value instanceof GoSlice)) return [strval(value, runtime)];
  const texts: string[] = [];
  for (const item of value.items) if (item !== null) texts.push(strval(item, runtime));
  return texts;
}
