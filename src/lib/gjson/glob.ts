/** gjson's patterns: `*` for any characters, `?` for one, `\` before one that is meant as such. */
import { textOf } from '../bytestring.ts';

interface Token {
  readonly kind: 'star' | 'any' | 'literal';
  readonly character: string;
}

/** Whether the whole text matches; text times pattern at worst, however many stars. Both are byte strings. */
export function glob(text: string, pattern: string): boolean {
  const tokens = tokensOf(textOf(pattern));
  return tokens !== undefined && matches(Array.from(textOf(text)), tokens);
}

/** Undefined: a `\` at the end, which nothing matches. */
function tokensOf(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '*') tokens.push({ kind: 'star', character });
    else if (character === '?') tokens.push({ kind: 'any', character });
    else if (character !== '\\') tokens.push({ kind: 'literal', character });
    else {
      at += 1;
      const escaped = characters[at];
      if (escaped === undefined) return undefined;
      tokens.push({ kind: 'literal', character: escaped });
    }
  }
  return tokens;
}

/** The last star takes one character more whenever what follows it does not fit; earlier ones need not be tried again. */
function matches(text: readonly string[], tokens: readonly Token[]): boolean {
  let at = 0;
  let token = 0;
  let star: { readonly token: number; at: number } | undefined;
  while (at < text.length) {
    const current = tokens[token];
    if (current?.kind === 'star') {
      star = { token, at };
      token += 1;
    } else if (current?.kind === 'any' || (current !== undefined && current.character === text[at])) {
      at += 1;
      token += 1;
    } else if (star === undefined) return false;
    else {
      star.at += 1;
      at = star.at;
      token = star.token + 1;
    }
  }
  return tokens.slice(token).every(({ kind }) => kind === 'star');
}
