/** How values become output: actions, `print`, `println`. */
import { noFlags } from './fmt/flags.ts';
import { formatValue, type PrintBudget } from './fmt/value.ts';
import type { Value } from './value.ts';

/** The value of an action, where nil shows as text/template shows it. */
export function printAction(value: Value, budget: PrintBudget): string {
  return value === null ? '<no value>' : formatValue(value, 'v', noFlags(), budget);
}

/** `fmt.Sprint`: spaces between operands when neither is a string. */
export function sprint(values: readonly Value[], budget: PrintBudget): string {
  let text = '';
  for (const [index, value] of values.entries()) {
    const isSpaced = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string';
    text += `${isSpaced ? ' ' : ''}${formatValue(value, 'v', noFlags(), budget)}`;
  }
  return text;
}

/** `fmt.Sprintln`: spaces between all, and a line feed. */
export function sprintln(values: readonly Value[], budget: PrintBudget): string {
  return `${values.map((value) => formatValue(value, 'v', noFlags(), budget)).join(' ')}\n`;
}
