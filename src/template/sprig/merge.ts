/** dario.cat/mergo 1.0 for maps: fills what is missing or empty, or overwrites; maps within maps are merged as well. */
import { type Budget, FunctionError } from '../function.ts';
import { isTrue } from '../truth.ts';
import { GoMap, GoObject, GoSlice, type Value } from '../value.ts';

/** Merges `source` into `target`; what cannot be merged is told in mergo's words, and ends the merge where it is. */
export function merge(target: GoMap, source: GoMap, overwrite: boolean, budget: Budget): string | undefined {
  for (const key of source.sortedKeys()) {
    budget.charge(1);
    const value = source.entries.get(key) ?? null;
    const problem = mergeEntry({ target, source, overwrite, budget }, key, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

interface Merging {
  readonly target: GoMap;
  readonly source: GoMap;
  readonly overwrite: boolean;
  readonly budget: Budget;
}

function mergeEntry(merging: Merging, key: string, value: Value): string | undefined {
  const { target, overwrite, budget } = merging;
  const old = target.entries.get(key) ?? null;
  if (value === null) {
    if (overwrite) assign(merging, key, null);
    return undefined;
  }
  if (value instanceof GoMap && old instanceof GoMap && !old.isNil) {
    const problem = merge(old, value, overwrite, budget);
    if (problem !== undefined) return problem;
    if (!isEmpty(old)) return undefined;
  }
  if (!overwrite && cannotMeet(old, value)) return 'src and dst must be of same type';
  // Lists are replaced as a whole.
  if (overwrite || isEmpty(old)) assign(merging, key, value);
  return undefined;
}

/** A pointer in the target does not meet a map, nor a struct other than the one it points to. */
function cannotMeet(old: Value, value: Value): boolean {
  if (!(old instanceof GoObject) || old.type.kind !== 'ptr') return false;
  const isStruct = value instanceof GoObject && value.type.kind === 'struct';
  return value instanceof GoMap || (isStruct && value.type.name !== old.type.elem?.name);
}

function assign({ target, source }: Merging, key: string, value: Value): void {
  const [wanted, given] = [target.type.elem?.name, source.type.elem?.name];
  if (wanted !== given && target.type.elem?.kind !== 'interface') {
    throw new FunctionError(`reflect.Value.SetMapIndex: value of type ${given} is not assignable to type ${wanted}`);
  }
  target.entries.set(key, value);
}

/** Unlike sprig's `empty`, nothing but nil, zero, false, and what has no length. */
function isEmpty(value: Value): boolean {
  if (value instanceof GoSlice) return value.items.length === 0;
  return value === null || (!isComplexZero(value) && !isTrue(value));
}

/** mergo does not know complex numbers. */
function isComplexZero(value: Value): boolean {
  return typeof value === 'object' && value !== null && 'im' in value;
}
