/** Any value under any verb: the printer of Go's fmt. */
import type { StepBudget } from '../budget.ts';
import { type GoType, isSigned } from '../types.ts';
import {
  bytesText,
  GoComplex,
  GoErrorValue,
  GoFloat32,
  GoFunc,
  GoInt,
  GoMap,
  GoObject,
  GoSlice,
  typeOf,
  type Value,
} from '../value.ts';
import { type Flags, pad } from './flags.ts';
import { formatFloatVerb, formatInteger } from './numbers.ts';
import { formatString } from './strings.ts';

export type PrintBudget = Pick<StepBudget, 'charge'>;

/** A text that is shared by many lists is written many times. */
const bytesPerStep = 16;

/** The values of nested collections are printed under the same verb and flags. */
export function formatValue(value: Value, verb: string, flags: Flags, budget: PrintBudget, depth = 0): string {
  budget.charge(typeof value === 'string' ? 1 + value.length / bytesPerStep : 1);
  if (value === null) return formatNil(verb, flags, depth);
  if (depth === 0 && verb === 'T') return formatString(typeNameOf(value), 's', flags) ?? '';
  if (depth === 0 && verb === 'p') return formatPointer(value, flags) ?? badVerb(value, verb, flags, budget);
  if (depth === 0 && verb === 'w') return badVerb(value, verb, flags, budget);
  const text = formatKnown(value, verb, flags, budget, depth);
  return text ?? badVerb(value, verb, flags, budget);
}

function formatNil(verb: string, flags: Flags, depth: number): string {
  if (depth > 0) return flags.sharpV ? 'interface {}(nil)' : '<nil>';
  return verb === 'T' || verb === 'v' ? pad('<nil>', flags) : `%!${verb}(<nil>)`;
}

function typeNameOf(value: Exclude<Value, null>): string {
  return typeOf(value)?.name ?? '<nil>';
}

/** `%!d(string=x)`; the value is printed with the flags of the verb that it does not have. */
function badVerb(value: Exclude<Value, null>, verb: string, flags: Flags, budget: PrintBudget): string {
  return `%!${verb}(${typeNameOf(value)}=${formatValue(value, 'v', { ...flags, plain: true }, budget)})`;
}

function formatKnown(
  value: Exclude<Value, null>,
  verb: string,
  flags: Flags,
  budget: PrintBudget,
  depth: number,
): string | undefined {
  switch (typeof value) {
    case 'boolean':
      return verb === 'v' || verb === 't' ? pad(String(value), flags) : undefined;
    case 'string':
      return formatString(value, verb, flags);
    case 'number':
      return formatFloatVerb(value, 64, verb, flags);
    default:
      return formatObject(value, verb, flags, budget, depth);
  }
}

function formatObject(
  value: GoInt | GoFloat32 | GoComplex | GoSlice | GoMap | GoObject | GoFunc,
  verb: string,
  flags: Flags,
  budget: PrintBudget,
  depth: number,
): string | undefined {
  if (value instanceof GoInt) return formatNamedInteger(value, verb, flags);
  if (value instanceof GoFloat32) return formatFloatVerb(value.value, 32, verb, flags);
  if (value instanceof GoComplex) return formatComplex(value, verb, flags);
  if (value instanceof GoSlice) return formatSlice(value, verb, flags, budget, depth);
  if (value instanceof GoMap) return formatMap(value, verb, flags, budget, depth);
  if (value instanceof GoFunc) return undefined;
  return formatStruct(value, verb, flags, budget, depth);
}

/** A named integer such as time.Duration prints itself where a string would do. */
function formatNamedInteger(value: GoInt, verb: string, flags: Flags): string | undefined {
  const text = flags.sharpV || flags.plain ? undefined : value.text();
  if (text !== undefined && isStringVerb(verb)) return formatString(text, verb, flags);
  return formatInteger(value.value, isSigned(value.type), verb, flags);
}

function isStringVerb(verb: string): boolean {
  return verb === 'v' || verb === 's' || verb === 'x' || verb === 'X' || verb === 'q';
}

function formatComplex(value: GoComplex, verb: string, flags: Flags): string | undefined {
  const re = formatFloatVerb(value.re, 64, verb, flags);
  const im = formatFloatVerb(value.im, 64, verb, { ...flags, plus: true });
  return re === undefined || im === undefined ? undefined : `(${re}${im}i)`;
}

function formatSlice(
  slice: GoSlice,
  verb: string,
  flags: Flags,
  budget: PrintBudget,
  depth: number,
): string | undefined {
  const isBytes = slice.type.elem?.kind === 'uint8';
  if (isBytes && ['s', 'q', 'x', 'X'].includes(verb)) return formatString(bytesText(slice), verb, flags);
  if (flags.sharpV && slice.isNil) return `${slice.type.name}(nil)`;
  const items = slice.items.map((item) =>
    formatItem(
      item,
      slice.type,
      isBytes && depth === 0 && verb === 'v' && !flags.sharpV ? 'd' : verb,
      flags,
      budget,
      depth,
    ),
  );
  return flags.sharpV ? `${slice.type.name}{${items.join(', ')}}` : `[${items.join(' ')}]`;
}

function formatItem(item: Value, type: GoType, verb: string, flags: Flags, budget: PrintBudget, depth: number): string {
  if (item === null && type.elem?.kind !== 'interface') return flags.sharpV ? 'nil' : '<nil>';
  return formatValue(item, verb, flags, budget, depth + 1);
}

function formatMap(map: GoMap, verb: string, flags: Flags, budget: PrintBudget, depth: number): string {
  if (flags.sharpV && map.isNil) return `${map.type.name}(nil)`;
  const members = map.sortedKeys().map((key) => {
    const name = formatValue(key, verb, flags, budget, depth + 1);
    return `${name}:${formatItem(map.entries.get(key) ?? null, map.type, verb, flags, budget, depth)}`;
  });
  return flags.sharpV ? `${map.type.name}{${members.join(', ')}}` : `map[${members.join(' ')}]`;
}

function formatStruct(
  object: GoObject,
  verb: string,
  flags: Flags,
  budget: PrintBudget,
  depth: number,
): string | undefined {
  const goString = flags.sharpV && !flags.plain ? object.method('GoString')?.call([]) : undefined;
  if (typeof goString === 'string') return goString;
  if (object.isNil) return formatNilPointer(object, verb, flags);
  const text = flags.sharpV || flags.plain ? undefined : object.text();
  if (text !== undefined && (isStringVerb(verb) || object instanceof GoErrorValue))
    return formatString(text, verb, flags);
  const isPointer = object.type.kind === 'ptr';
  if (isPointer && depth > 0) return formatAddress(verb, flags);
  const fields = object.fields().map(([name, value]) => {
    const shown = formatValue(value, verb, flags, budget, depth + 1);
    return flags.plusV || flags.sharpV ? `${name}:${shown}` : shown;
  });
  const body = flags.sharpV
    ? `${(isPointer ? object.type.elem?.name : object.type.name) ?? ''}{${fields.join(', ')}}`
    : `{${fields.join(' ')}}`;
  return isPointer ? `&${body}` : body;
}

/** Nothing has an address here, so all that are not nil have the same. */
const address = 0xc000000000n;

/** `%p` of what Go has by reference. */
function formatPointer(value: Exclude<Value, null>, flags: Flags): string | undefined {
  const hasAddress = value instanceof GoSlice || value instanceof GoMap;
  if (!hasAddress && !(value instanceof GoObject && value.type.kind === 'ptr')) return undefined;
  return formatInteger(value.isNil ? 0n : address, false, 'x', { ...flags, sharp: !flags.sharp });
}

/** A pointer inside of another value. */
function formatAddress(verb: string, flags: Flags): string | undefined {
  if (verb === 'v' || verb === 'p') return formatInteger(address, false, 'x', { ...flags, sharp: !flags.sharp });
  return ['b', 'o', 'd', 'x', 'X'].includes(verb) ? formatInteger(address, false, verb, flags) : undefined;
}

/** Numbers show the address, which is 0; other verbs than `%v` do not fit a pointer. */
function formatNilPointer({ type }: GoObject, verb: string, flags: Flags): string | undefined {
  if (verb === 'v') return flags.sharpV ? `(${type.name})(nil)` : pad('<nil>', flags);
  return verb === 'p'
    ? '0x0'
    : formatInteger(0n, false, verb === 'c' || verb === 'U' || verb === 'q' ? '' : verb, flags);
}
