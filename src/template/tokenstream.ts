/** The tokens of a template with the look-ahead that the parser needs, and its errors. */
import { TemplateError } from './errors.ts';
import type { Lexer } from './lex.ts';
import { quote } from './strconv/quote.ts';
import { decodeUtf8, runes } from './text/utf8.ts';
import { keywords, type Token, type TokenKind } from './token.ts';

export class TokenStream {
  readonly name: string;
  readonly #lexer: Lexer;
  /** Tokens that were put back, the next one last. */
  readonly #ahead: Token[] = [];
  /** The line that errors name: of the token that was read or looked at last. */
  #line = 1;
  /** Where the action that is being parsed began; 0 outside of actions. */
  #actionLine = 0;

  constructor(name: string, lexer: Lexer) {
    this.name = name;
    this.#lexer = lexer;
  }

  next(): Token {
    const token = this.#ahead.pop() ?? this.#lexer.next();
    this.#line = token.line;
    return token;
  }

  /** Puts tokens back, given in the order in which they were read. */
  backup(...tokens: readonly Token[]): void {
    for (const token of tokens.toReversed()) this.#ahead.push(token);
    this.#line = tokens[0]?.line ?? this.#line;
  }

  peek(): Token {
    const token = this.next();
    this.backup(token);
    return token;
  }

  nextNonSpace(): Token {
    let token = this.next();
    while (token.kind === 'space') token = this.next();
    return token;
  }

  /** Spaces before it are gone. */
  peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.backup(token);
    return token;
  }

  expect(kind: TokenKind, context: string): Token {
    const token = this.nextNonSpace();
    return token.kind === kind ? token : this.unexpected(token, context);
  }

  enterAction(line: number): void {
    this.#actionLine = line;
  }

  leaveAction(): void {
    this.#actionLine = 0;
  }

  unexpected(token: Token, context: string): never {
    if (token.kind !== 'error') return this.fail(`unexpected ${describe(token)} in ${context}`);
    if (this.#actionLine === 0 || this.#actionLine === token.line) return this.fail(token.text);
    const where = `started at ${this.name}:${this.#actionLine}`;
    return this.fail(`${token.text}${token.text.endsWith(' action') ? '' : ' in action'} ${where}`);
  }

  /** @throws TemplateError */
  fail(message: string): never {
    const place = { template: this.name, line: this.#line };
    throw new TemplateError('parse', place, decodeUtf8(`template: ${this.name}:${this.#line}: ${message}`));
  }
}

const shownCharacters = 10;

/** As Go prints a token in an error. */
function describe(token: Token): string {
  if (token.kind === 'eof') return 'EOF';
  if (token.kind === 'dot' || token.kind === 'nil' || keywords.has(token.kind)) return `<${token.text}>`;
  const characters = [...runes(token.text)];
  const end = characters[shownCharacters]?.at;
  return token.text.length > shownCharacters ? `${quote(token.text.slice(0, end))}...` : quote(token.text);
}
