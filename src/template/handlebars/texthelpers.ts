/** Helpers on text and lists of text. */
import type { Budget } from '../function.ts';
import { type Helper, HelperError, helper, integer, listOf, nameOf, text } from './declaration.ts';
import { isRecord } from './record.ts';

export const textHelpers: readonly Helper[] = [
  helper('concat', 1, (args) => args.map(text).join(''), Number.POSITIVE_INFINITY),
  helper('upper', 1, ([value]) => text(value).toUpperCase()),
  helper('lower', 1, ([value]) => text(value).toLowerCase()),
  helper('trim', 1, ([value]) => text(value).trim()),
  helper('replace', 3, ([value, from, to], budget) => replace(text(value), text(from), text(to), budget)),
  helper('split', 2, ([value, separator], budget) => split(text(value), text(separator), budget)),
  helper('join', 2, ([list, separator], budget) => join(listOf(list).map(text), text(separator), budget)),
  helper('indent', 2, ([value, spaces], budget) => indent(text(value), integer(spaces), budget)),
  helper('quote', 1, ([value]) => JSON.stringify(text(value))),
  helper('length', 1, ([value]) => lengthOf(value)),
];

function replace(value: string, from: string, to: string, budget: Budget): string {
  if (from === '') throw new HelperError('replace needs a text to look for');
  return join(split(value, from, budget), to, budget);
}

function split(value: string, separator: string, budget: Budget): string[] {
  const parts = value.split(separator);
  budget.charge(parts.length);
  return parts;
}

/** The size is checked before the text is made. */
function join(parts: readonly string[], separator: string, budget: Budget): string {
  const separators = separator.length * Math.max(parts.length - 1, 0);
  budget.checkSize(parts.reduce((length, part) => length + part.length, separators));
  return parts.join(separator);
}

/** Every line, the first too. */
function indent(value: string, spaces: number, budget: Budget): string {
  if (spaces < 0) throw new HelperError('a text cannot be indented by less than nothing');
  budget.checkSize(spaces);
  const padding = ' '.repeat(spaces);
  return padding + join(split(value, '\n', budget), `\n${padding}`, budget);
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (isRecord(value)) return Object.keys(value).length;
  throw new HelperError(`${nameOf(value)} has no length`);
}
