/** Filters of lists (AIP-160), as far as Secret Manager documents them: `name:part`, `labels.key=value`, `state:ENABLED`. */
import { GcpError } from './gcp-error.ts';

/** @returns the text, or map of texts, that a filter's field names; undefined: there is no such field */
export type FieldReader = (field: string) => string | undefined;

interface Term {
  readonly field: string;
  readonly operator: ':' | '=';
  readonly value: string;
}

/** @throws GcpError for anything that is not a conjunction of terms */
export function filterOf(text: string): (read: FieldReader) => boolean {
  const terms = termsOf(text);
  return (read) => terms.every((term) => holds(term, read(term.field)));
}

function termsOf(text: string): Term[] {
  const terms: Term[] = [];
  const pattern =
    /\s*(?:AND\s+)?([A-Za-z_]+(?:\.(?:"(?:[^"\\]|\\.)*"|[\w-]+))?)\s*([:=])\s*("(?:[^"\\]|\\.)*"|[^\s"]+)\s*/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw new GcpError('INVALID_ARGUMENT', 'The filter could not be parsed.');
    const [, field = '', operator, value = ''] = match;
    terms.push({ field: unquoted(field), operator: operator === ':' ? ':' : '=', value: unquoted(value) });
  }
  return terms;
}

function holds({ field, operator, value }: Term, actual: string | undefined): boolean {
  if (actual === undefined) return false;
  return operator === ':' && field !== 'state' ? actual.includes(value) : actual === value;
}

function unquoted(text: string): string {
  return text.replace(/"((?:[^"\\]|\\.)*)"/, (_, inner: string) => inner.replaceAll(/\\(.)/g, '$1'));
}
