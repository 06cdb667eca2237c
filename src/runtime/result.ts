/** What a reconcile that went well asks for next. */

export type Result = { readonly kind: 'requeueAfter'; readonly delayMs: number } | { readonly kind: 'awaitChange' };

/**
 * Reconcile this key again after `delayMs`, unless something changes before. Any length; `Infinity` awaits a change.
 * @throws RangeError for NaN, which is nobody's intention
 */
export function requeueAfter(delayMs: number): Result {
  if (Number.isNaN(delayMs)) throw new RangeError('requeueAfter needs a number of milliseconds');
  return delayMs === Number.POSITIVE_INFINITY ? waiting : { kind: 'requeueAfter', delayMs };
}

/** Nothing to do until a watch says so. */
export function awaitChange(): Result {
  return waiting;
}

const waiting: Result = { kind: 'awaitChange' };
