/** Helpers that compare and choose. */
import { type Helper, HelperError, helper, isTrue, nameOf } from './declaration.ts';

const many = Number.POSITIVE_INFINITY;

export const logicHelpers: readonly Helper[] = [
  helper('eq', 2, ([left, right]) => left === right),
  helper('ne', 2, ([left, right]) => left !== right),
  helper('lt', 2, ([left, right]) => order(left, right) < 0),
  helper('lte', 2, ([left, right]) => order(left, right) <= 0),
  helper('gt', 2, ([left, right]) => order(left, right) > 0),
  helper('gte', 2, ([left, right]) => order(left, right) >= 0),
  helper('and', 1, (args) => args.find((arg) => !isTrue(arg)) ?? args.at(-1), many),
  helper('or', 1, (args) => args.find(isTrue) ?? args.at(-1), many),
  helper('not', 1, ([value]) => !isTrue(value)),
  helper('default', 2, ([value, fallback]) => (isTrue(value) ? value : fallback)),
  helper('ternary', 3, ([condition, yes, no]) => (isTrue(condition) ? yes : no)),
];

/** Numbers by size, text by its characters; the two do not mix. */
function order(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left === right ? 0 : left < right ? -1 : 1;
  throw new HelperError(`${nameOf(left)} and ${nameOf(right)} have no order`);
}
