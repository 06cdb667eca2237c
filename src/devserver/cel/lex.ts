/** The words of a CEL expression. */
import { CelSyntaxError } from './error.ts';

export interface CelToken {
  readonly type: 'name' | 'string' | 'number' | 'operator' | 'end';
  /** Of a string its value, otherwise what is written. */
  readonly text: string;
}

const pattern =
  /\s*(?:(?<name>[A-Za-z_]\w*)|(?<number>\d+(?:\.\d+)?)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<operator>&&|\|\||[=!<>]=|[-+*/%!<>?:.,()[\]{}]))/y;

/** @throws CelSyntaxError */
export function lexCel(text: string): readonly CelToken[] {
  const tokens: CelToken[] = [];
  pattern.lastIndex = 0;
  for (let end = 0; text.slice(end).trim() !== ''; end = pattern.lastIndex) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) throw new CelSyntaxError(`unexpected text at ${end} of the rule ${text}`);
    tokens.push(tokenOf(groups));
  }
  return [...tokens, { type: 'end', text: '' }];
}

function tokenOf({ name, number, string, operator }: Readonly<Record<string, string | undefined>>): CelToken {
  if (name !== undefined) return { type: 'name', text: name };
  if (number !== undefined) return { type: 'number', text: number };
  if (string !== undefined) return { type: 'string', text: string.slice(1, -1).replace(/\\(.)/g, unescaped) };
  return { type: 'operator', text: operator ?? '' };
}

function unescaped(_: string, character: string): string {
  return { n: '\n', t: '\t', r: '\r' }[character] ?? character;
}
