/** What counts as true in `if`, `with`, `and`, `or`, `not`: everything but the zero values and empty collections. */
import { GoComplex, GoFloat32, GoFunc, GoInt, GoMap, GoObject, GoSlice, type Value } from './value.ts';

export function isTrue(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value.length > 0;
    case 'number':
      return value !== 0;
    default:
      return value !== null && isTrueObject(value);
  }
}

function isTrueObject(value: GoInt | GoFloat32 | GoComplex | GoSlice | GoMap | GoObject | GoFunc): boolean {
  if (value instanceof GoInt) return value.value !== 0n;
  if (value instanceof GoSlice) return value.items.length > 0;
  if (value instanceof GoMap) return value.entries.size > 0;
  if (value instanceof GoFloat32) return value.value !== 0;
  if (value instanceof GoComplex) return value.re !== 0 || value.im !== 0;
  return value instanceof GoFunc || value.isTrue;
}
