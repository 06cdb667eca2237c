/** Go's types as far as templates can see them: what `printf "%T"` calls them, how arguments are checked against them. */

/** The names of reflect.Kind. */
export type Kind =
  | 'bool'
  | 'int'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'uintptr'
  | 'float32'
  | 'float64'
  | 'complex64'
  | 'complex128'
  | 'string'
  | 'slice'
  | 'array'
  | 'map'
  | 'struct'
  | 'ptr'
  | 'func'
  | 'interface';

export interface GoType {
  readonly kind: Kind;
  /** As `%T` prints it: `int`, `[]interface {}`, `time.Duration`, `*semver.Version`. Types are equal when their names are. */
  readonly name: string;
  /** Of slices, arrays, maps and pointers. */
  readonly elem?: GoType;
  /** Of maps. */
  readonly key?: GoType;
}

const basic = (kind: Kind): GoType => ({ kind, name: kind });

export const boolType = basic('bool');
export const stringType = basic('string');
export const intType = basic('int');
export const int64Type = basic('int64');
/** Also `byte`. */
export const uint8Type = basic('uint8');
export const uint32Type = basic('uint32');
export const uint64Type = basic('uint64');
export const float32Type = basic('float32');
export const float64Type = basic('float64');
export const complex128Type = basic('complex128');
/** `interface{}`: takes every value. */
export const anyType: GoType = { kind: 'interface', name: 'interface {}' };
export const errorType: GoType = { kind: 'interface', name: 'error' };
/** `reflect.Value` as a parameter: the function looks at the value itself. Takes every value, nil included. */
export const reflectValueType: GoType = { kind: 'struct', name: 'reflect.Value' };

export function sliceOf(elem: GoType): GoType {
  return { kind: 'slice', name: `[]${elem.name}`, elem };
}

/** Templates see maps with string keys only. */
export function mapOf(elem: GoType, key: GoType = stringType): GoType {
  return { kind: 'map', name: `map[${key.name}]${elem.name}`, elem, key };
}

export function pointerTo(elem: GoType): GoType {
  return { kind: 'ptr', name: `*${elem.name}`, elem };
}

export const listType = sliceOf(anyType);
export const stringsType = sliceOf(stringType);
export const bytesType = sliceOf(uint8Type);
export const dictType = mapOf(anyType);
export const stringMapType = mapOf(stringType);

export function isSigned({ kind }: GoType): boolean {
  return kind === 'int' || kind === 'int64' || kind === 'int32' || kind === 'int16' || kind === 'int8';
}

export function isUnsigned({ kind }: GoType): boolean {
  return kind.startsWith('uint');
}

/** The bits of an integer type; `int`, `uint` and `uintptr` have 64, as on the platforms that ESO runs on. */
export function bitsOf({ kind }: GoType): number {
  const digits = /\d+$/.exec(kind)?.[0];
  return digits === undefined ? 64 : Number(digits);
}
