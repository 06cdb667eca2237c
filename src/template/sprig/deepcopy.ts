/** mitchellh/copystructure 1.2: copies lists and maps all the way down. */
import { type Budget, FunctionError } from '../function.ts';
import { GoMap, GoObject, GoSlice, type Value } from '../value.ts';
import { VersionPointer } from './versionvalue.ts';

export function deepCopy(value: Value, budget: Budget): Value {
  if (value === null) throw new FunctionError('reflect: call of reflect.Value.Type on zero Value');
  return copy(value, budget);
}

function copy(value: Value, budget: Budget): Value {
  budget.charge(1);
  if (value instanceof GoSlice)
    return new GoSlice(
      value.type,
      value.items.map((item) => copy(item, budget)),
      value.isNil,
    );
  if (value instanceof GoMap) {
    const entries = new Map<string, Value>();
    for (const [key, member] of value.entries) entries.set(key, copy(member, budget));
    return new GoMap(value.type, entries, value.isNil);
  }
  // The copier cannot see the unexported fields of a version; times it copies by a rule of their own.
  return value instanceof GoObject && value instanceof VersionPointer ? VersionPointer.zero() : value;
}
