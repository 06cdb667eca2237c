/**
 * Values as templates see them.
 *
 * | Go | here |
 * |---|---|
 * | nil | `null` |
 * | bool | `boolean` |
 * | string | `string` of bytes: every code unit is one byte, 0 to 255 |
 * | float64 | `number` |
 * | integers of every kind, `time.Duration` and other named ones | `GoInt` |
 * | float32, complex | `GoFloat32`, `GoComplex` |
 * | slices, arrays | `GoSlice` |
 * | maps with string keys | `GoMap` |
 * | structs, pointers, errors | `GoObject` |
 * | functions | `GoFunc` |
 *
 * A nil slice and a nil map are values with a type; a nil pointer or interface is `null`.
 */
import {
  anyType,
  bitsOf,
  boolType,
  bytesType,
  complex128Type,
  dictType,
  float32Type,
  float64Type,
  type GoType,
  int64Type,
  intType,
  isUnsigned,
  listType,
  stringsType,
  stringType,
  uint8Type,
} from './types.ts';

export type Value =
  | null
  | boolean
  | string
  | number
  | GoInt
  | GoFloat32
  | GoComplex
  | GoSlice
  | GoMap
  | GoObject
  | GoFunc;

/** An integer of any kind; wraps around like Go's when it is made. Immutable. Named types with methods extend it. */
export class GoInt {
  readonly type: GoType;
  readonly value: bigint;

  constructor(type: GoType, value: bigint) {
    this.type = type;
    this.value = isUnsigned(type) ? BigInt.asUintN(bitsOf(type), value) : BigInt.asIntN(bitsOf(type), value);
  }

  /** What `String()` gives; undefined: the type has none, and fmt prints the number. */
  text(): string | undefined {
    return undefined;
  }

  method(_name: string): Method | undefined {
    return undefined;
  }
}

export class GoFloat32 {
  readonly type = float32Type;
  readonly value: number;

  constructor(value: number) {
    this.value = Math.fround(value);
  }
}

export class GoComplex {
  readonly type = complex128Type;
  readonly re: number;
  readonly im: number;

  constructor(re: number, im: number) {
    this.re = re;
    this.im = im;
  }
}

/** A slice or array. Functions make new ones instead of changing those they are given. */
export class GoSlice {
  readonly type: GoType;
  readonly items: readonly Value[];
  /** A nil slice has no items, but JSON and comparisons tell it from an empty one. */
  readonly isNil: boolean;

  constructor(type: GoType, items: readonly Value[], isNil = false) {
    this.type = type;
    this.items = items;
    this.isNil = isNil;
  }
}

/** A map with string keys. Like Go's it is a reference: `set` and `unset` change it for everybody who holds it. */
export class GoMap {
  readonly type: GoType;
  readonly entries: Map<string, Value>;
  readonly isNil: boolean;

  constructor(type: GoType, entries: Map<string, Value>, isNil = false) {
    this.type = type;
    this.entries = entries;
    this.isNil = isNil;
  }

  /** Keys in byte order: how Go's templates, fmt and JSON walk through maps. */
  sortedKeys(): string[] {
    return [...this.entries.keys()].sort(compareBytes);
  }
}

/** Called with arguments that were checked against its parameters already. */
export interface Method {
  readonly parameters: readonly GoType[];
  /** The last parameter takes any number of arguments. */
  readonly variadic?: boolean;
  readonly result: GoType;
  /** @throws FunctionError where Go's method returns an error or panics */
  call(args: readonly Value[]): Value;
}

/**
 * A struct, or a pointer to one, whose fields and methods templates can reach. Types of other files extend it; the
 * engine finds members here alone, never on the JavaScript object.
 */
export abstract class GoObject {
  abstract readonly type: GoType;

  /** What `String()` or `Error()` gives; undefined: the type has neither, and fmt prints its fields. */
  text(): string | undefined {
    return undefined;
  }

  method(_name: string): Method | undefined {
    return undefined;
  }

  /** An exported field; undefined: there is none of that name. */
  field(_name: string): Value | undefined {
    return undefined;
  }

  /** Exported and unexported fields in their order, for `%v` of structs without `String()` and for equality. */
  fields(): readonly (readonly [name: string, value: Value])[] {
    return [];
  }

  /** Go's `==` where the type is comparable; pointers compare by identity. */
  equals(other: Value): boolean {
    return this === other;
  }

  /** A nil pointer in a field of a struct, of which fmt shows the type. Elsewhere a nil pointer is `null`. */
  get isNil(): boolean {
    return false;
  }

  /** text/template's truth: structs are always true, so are pointers that are not nil. */
  get isTrue(): boolean {
    return true;
  }
}

/** An error as a value, such as the result of a function that returns one. */
export class GoErrorValue extends GoObject {
  readonly type: GoType = { kind: 'ptr', name: '*errors.errorString' };
  readonly message: string;

  constructor(message: string) {
    super();
    this.message = message;
  }

  override text(): string {
    return this.message;
  }

  override method(name: string): Method | undefined {
    return name === 'Error' ? { parameters: [], result: stringType, call: () => this.message } : undefined;
  }
}

/** A function as a value: a method that was picked but not called, for `call`. */
export class GoFunc {
  readonly type: GoType;
  readonly method: Method;

  constructor(type: GoType, method: Method) {
    this.type = type;
    this.method = method;
  }
}

/** The type of a value; undefined for nil. */
export function typeOf(value: Value): GoType | undefined {
  switch (typeof value) {
    case 'string':
      return stringType;
    case 'number':
      return float64Type;
    case 'boolean':
      return boolType;
    default:
      return value === null ? undefined : value.type;
  }
}

export function int(value: bigint | number): GoInt {
  return new GoInt(intType, BigInt(value));
}

export function int64(value: bigint | number): GoInt {
  return new GoInt(int64Type, BigInt(value));
}

export function byte(value: number): GoInt {
  return new GoInt(uint8Type, BigInt(value));
}

/** `[]interface{}` */
export function list(items: readonly Value[]): GoSlice {
  return new GoSlice(listType, items);
}

/** `[]string` */
export function strings(items: readonly string[]): GoSlice {
  return new GoSlice(stringsType, items);
}

/** `[]byte` of a byte string. */
export function bytes(text: string): GoSlice {
  return new GoSlice(
    bytesType,
    Array.from(text, (unit) => byte(unit.charCodeAt(0))),
  );
}

/** The byte string of a `[]byte`. */
export function bytesText(slice: GoSlice): string {
  return slice.items.map((item) => String.fromCharCode(item instanceof GoInt ? Number(item.value) : 0)).join('');
}

/** `map[string]interface{}` */
export function dict(entries: Iterable<readonly [string, Value]>): GoMap {
  return new GoMap(dictType, new Map(entries));
}

export function nilSlice(elem: GoType = anyType): GoSlice {
  return new GoSlice({ kind: 'slice', name: `[]${elem.name}`, elem }, [], true);
}

/** The zero value of a type. */
export function zeroOf(type: GoType): Value {
  switch (type.kind) {
    case 'bool':
      return false;
    case 'string':
      return '';
    case 'float64':
      return 0;
    case 'float32':
      return new GoFloat32(0);
    case 'complex64':
    case 'complex128':
      return new GoComplex(0, 0);
    case 'slice':
    case 'array':
      return new GoSlice(type, [], true);
    case 'map':
      return new GoMap(type, new Map(), true);
    case 'struct':
    case 'ptr':
    case 'func':
    case 'interface':
      return null;
    default:
      return new GoInt(type, 0n);
  }
}

/** Byte strings compare by code unit. */
export function compareBytes(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
