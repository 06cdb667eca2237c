/** Go's reflect.DeepEqual: types count, so 1, 1.0 and int64 1 all differ, and a nil list is no empty one. */
import type { Budget } from '../function.ts';
import { GoComplex, GoFloat32, GoInt, GoMap, GoObject, GoSlice, typeOf, type Value } from '../value.ts';

export function deepEqual(a: Value, b: Value, budget: Budget): boolean {
  return new Comparison(budget).equal(a, b);
}

/** One comparison; it remembers what it is in the middle of, so that data which contains itself can be compared. */
class Comparison {
  readonly #budget: Budget;
  readonly #open = new Map<Value, Set<Value>>();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  equal(a: Value, b: Value): boolean {
    this.#budget.charge(1);
    if (typeOf(a)?.name !== typeOf(b)?.name) return false;
    if (a instanceof GoInt && b instanceof GoInt) return a.value === b.value;
    if (a instanceof GoFloat32 && b instanceof GoFloat32) return a.value === b.value;
    if (a instanceof GoComplex && b instanceof GoComplex) return a.re === b.re && a.im === b.im;
    if (a instanceof GoSlice && b instanceof GoSlice) return this.#once(a, b, () => this.#equalSlices(a, b));
    if (a instanceof GoMap && b instanceof GoMap) return this.#once(a, b, () => this.#equalMaps(a, b));
    if (a instanceof GoObject && b instanceof GoObject) return this.#once(a, b, () => this.#equalFields(a, b));
    return a === b;
  }

  /** The same list or map equals itself even when it holds a NaN; a pair that is being compared is taken for equal. */
  #once(a: Value, b: Value, compare: () => boolean): boolean {
    if (a === b || this.#open.get(a)?.has(b) === true) return true;
    const others = this.#open.get(a) ?? new Set<Value>();
    this.#open.set(a, others.add(b));
    return compare();
  }

  #equalSlices(a: GoSlice, b: GoSlice): boolean {
    if (a.isNil !== b.isNil || a.items.length !== b.items.length) return false;
    return a.items.every((item, index) => this.equal(item, b.items[index] ?? null));
  }

  #equalMaps(a: GoMap, b: GoMap): boolean {
    if (a.isNil !== b.isNil || a.entries.size !== b.entries.size) return false;
    for (const [key, value] of a.entries) {
      if (!b.entries.has(key) || !this.equal(value, b.entries.get(key) ?? null)) return false;
    }
    return true;
  }

  /** A type that shows no fields knows itself what it is equal to. */
  #equalFields(a: GoObject, b: GoObject): boolean {
    const others = b.fields();
    if (others.length === 0) return a.equals(b);
    return a.fields().every(([, value], index) => this.equal(value, others[index]?.[1] ?? null));
  }
}
