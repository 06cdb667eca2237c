/** `index` and `len` of text/template. */
import { canBeNil } from './assign.ts';
import { FunctionError } from './function.ts';
import { type GoType, stringType } from './types.ts';
import { byte, GoInt, GoMap, GoSlice, typeOf, type Value, zeroOf } from './value.ts';

export function lengthOf(item: Value): number {
  if (typeof item === 'string') return item.length;
  if (item instanceof GoSlice) return item.items.length;
  if (item instanceof GoMap) return item.entries.size;
  throw new FunctionError(item === null ? 'len of nil' : `len of type ${structName(typeOf(item))}`);
}

export function indexInto(item: Value, indexes: readonly Value[]): Value {
  if (item === null) throw new FunctionError('index of untyped nil');
  return indexes.reduce<Value>((current, index) => indexOnce(current, index), item);
}

function indexOnce(item: Value, index: Value): Value {
  if (typeof item === 'string') return byte(item.charCodeAt(position(index, item.length, 'string')));
  if (item instanceof GoSlice) return item.items[position(index, item.items.length, 'slice')] ?? null;
  if (item instanceof GoMap) return entryOf(item, index);
  throw new FunctionError(item === null ? 'index of nil pointer' : `can't index item of type ${typeOf(item)?.name}`);
}

function position(index: Value, length: number, what: string): number {
  if (index === null) throw new FunctionError('cannot index slice/array with nil');
  if (!(index instanceof GoInt)) {
    throw new FunctionError(`cannot index slice/array with type ${typeOf(index)?.name}`);
  }
  if (index.value < 0n || index.value > BigInt(length)) throw new FunctionError(`index out of range: ${index.value}`);
  if (index.value === BigInt(length)) throw new FunctionError(`reflect: ${what} index out of range`);
  return Number(index.value);
}

/** A missing entry is the zero value of the map's elements. */
function entryOf(map: GoMap, index: Value): Value {
  const keyType = map.type.key ?? stringType;
  if (typeof index !== 'string') {
    const problem = index === null ? 'value is nil' : `value has type ${typeOf(index)?.name}`;
    throw new FunctionError(`${problem}; should be ${index === null ? 'of type ' : ''}${keyType.name}`);
  }
  const { elem } = map.type;
  return map.entries.get(index) ?? (elem === undefined || canBeNil(elem) ? null : zeroOf(elem));
}

/** `len` looks through pointers. */
function structName(type: GoType | undefined): string {
  return (type?.kind === 'ptr' ? type.elem?.name : type?.name) ?? '<nil>';
}
