/** Go's replacement templates: `$name`, `${name}` and `$$`, where `$1x` names the group `1x`. */
import { isDigit, isLetter } from '../text/unicode.ts';
import { runeAt } from '../text/utf8.ts';

/** A piece of a template: text, or the group that stands there by number or name. */
export type Piece = string | { readonly group: number | string };

/** Splits a template (bytes); a `$` that begins no reference is text. */
export function parseTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = template;
  for (let dollar = rest.indexOf('$'); dollar >= 0; dollar = rest.indexOf('$')) {
    pieces.push(rest.slice(0, dollar));
    rest = rest.slice(dollar + 1);
    if (rest.startsWith('$')) {
      pieces.push('$');
      rest = rest.slice(1);
      continue;
    }
    const reference = takeReference(rest);
    pieces.push(reference === undefined ? '$' : { group: reference.group });
    rest = reference?.rest ?? rest;
  }
  return [...pieces, rest];
}

function takeReference(text: string): { group: number | string; rest: string } | undefined {
  const braced = text.startsWith('{');
  const start = braced ? 1 : 0;
  let end = start;
  while (end < text.length) {
    const { code, width } = runeAt(text, end);
    if (!isLetter(code) && !isDigit(code) && code !== 0x5f) break;
    end += width;
  }
  if (end === start || (braced && text.charAt(end) !== '}')) return undefined;
  return { group: groupOf(text.slice(start, end)), rest: text.slice(braced ? end + 1 : end) };
}

/** A number without leading zeros counts groups; everything else is a name. */
function groupOf(name: string): number | string {
  return /^(?:0|[1-9][0-9]{0,8})$/.test(name) ? Number(name) : name;
}
