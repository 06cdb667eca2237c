/** Cuts a template into tokens, as Go's text/template/parse does: text, and inside of delimiters the tokens of actions. */

import { quote } from './strconv/quote.ts';
import { unicodeText } from './strconv/unicodetext.ts';
import { runeAt } from './text/utf8.ts';
import { type Keyword, keywords, type Token, type TokenKind } from './token.ts';

export interface Delimiters {
  readonly left: string;
  readonly right: string;
}

export interface LexOptions extends Delimiters {
  /** Names that are functions here although Go has keywords of that name (`break`, `continue`). */
  readonly isFunction: (name: string) => boolean;
}

const trimMarker = '-';
const commentStart = '/*';
const commentEnd = '*/';
const spaces = ' \t\r\n';

/** Answers tokens one by one; after an error or the end of the text it answers `eof`. */
export class Lexer {
  readonly #text: string;
  readonly #options: LexOptions;
  #at = 0;
  #line = 1;
  #start = 0;
  #startLine = 1;
  #parenDepth = 0;
  #isInAction = false;
  #isDone = false;
  /** Tokens that were found together with the one before. */
  readonly #queued: Token[] = [];

  constructor(text: string, options: LexOptions) {
    this.#text = text;
    this.#options = options;
  }

  next(): Token {
    for (;;) {
      const queued = this.#queued.shift();
      if (queued !== undefined) return queued;
      if (this.#isDone) return this.#token('eof', '');
      const token = this.#isInAction ? this.#lexAction() : this.#lexText();
      if (token === undefined) continue;
      if (token.kind === 'error') this.#isDone = true;
      return token;
    }
  }

  #lexText(): Token | undefined {
    const { left } = this.#options;
    const found = this.#text.indexOf(left, this.#at);
    if (found === -1) {
      this.#isDone = true;
      this.#advance(this.#text.length);
      if (this.#at > this.#start) this.#queued.push(this.#take('text'));
      return this.#queued.shift();
    }
    const afterDelimiter = found + left.length;
    const trims = this.#hasLeftTrim(afterDelimiter);
    const textEnd = trims ? trimRightEnd(this.#text, this.#start, found) : found;
    this.#advance(textEnd);
    const text = this.#at > this.#start ? this.#take('text') : undefined;
    this.#advance(found);
    this.#skip();
    this.#lexLeftDelimiter(afterDelimiter, trims);
    if (text === undefined) return undefined;
    this.#queued.unshift(text);
    return this.#queued.shift();
  }

  #lexLeftDelimiter(afterDelimiter: number, trims: boolean): void {
    const inner = afterDelimiter + (trims ? 2 : 0);
    if (this.#text.startsWith(commentStart, inner)) {
      this.#advance(inner);
      this.#skip();
      this.#lexComment();
      return;
    }
    this.#advance(afterDelimiter);
    this.#queued.push(this.#take('leftDelimiter'));
    this.#advance(inner);
    this.#skip();
    this.#parenDepth = 0;
    this.#isInAction = true;
  }

  #lexComment(): void {
    const end = this.#text.indexOf(commentEnd, this.#at + commentStart.length);
    if (end === -1) {
      this.#queued.push(this.#error('unclosed comment'));
      this.#isDone = true;
      return;
    }
    this.#advance(end + commentEnd.length);
    const closing = this.#rightDelimiter();
    if (closing === undefined) {
      this.#queued.push(this.#error('comment ends before closing delimiter'));
      this.#isDone = true;
      return;
    }
    this.#leaveAction(closing);
  }

  /** Where a closing delimiter begins here, with or without a trim marker before it. */
  #rightDelimiter(): { readonly length: number; readonly trims: boolean } | undefined {
    const { right } = this.#options;
    if (this.#hasRightTrim(this.#at) && this.#text.startsWith(right, this.#at + 2)) {
      return { length: 2 + right.length, trims: true };
    }
    return this.#text.startsWith(right, this.#at) ? { length: right.length, trims: false } : undefined;
  }

  #leaveAction(closing: { readonly length: number; readonly trims: boolean }): void {
    this.#advance(this.#at + closing.length);
    if (closing.trims) this.#advance(trimLeftEnd(this.#text, this.#at));
    this.#skip();
    this.#isInAction = false;
  }

  #lexAction(): Token | undefined {
    const closing = this.#rightDelimiter();
    if (closing !== undefined) return this.#lexRightDelimiter(closing);
    if (this.#at >= this.#text.length) return this.#error('unclosed action');
    const unit = this.#text[this.#at] ?? '';
    if (spaces.includes(unit)) return this.#lexSpace();
    switch (unit) {
      case '=':
        return this.#takeNext('assign', 1);
      case ':':
        return this.#text[this.#at + 1] === '=' ? this.#takeNext('declare', 2) : this.#error('expected :=');
      case '|':
        return this.#takeNext('pipe', 1);
      case '"':
        return this.#lexQuoted('"', 'string', 'unterminated quoted string');
      case '`':
        return this.#lexRawString();
      case '$':
        return this.#lexName('variable');
      case "'":
        return this.#lexQuoted("'", 'charConstant', 'unterminated character constant');
      case '(':
        this.#parenDepth += 1;
        return this.#takeNext('leftParen', 1);
      case ')':
        this.#parenDepth -= 1;
        return this.#parenDepth < 0 ? this.#error('unexpected right paren') : this.#takeNext('rightParen', 1);
      default:
        return this.#lexOther(unit);
    }
  }

  #lexOther(unit: string): Token {
    const isDigit = (text: string | undefined): boolean => text !== undefined && text >= '0' && text <= '9';
    if (unit === '.' && !isDigit(this.#text[this.#at + 1])) return this.#lexName('field');
    if (unit === '.' || unit === '+' || unit === '-' || isDigit(unit)) return this.#lexNumber();
    const rune = runeAt(this.#text, this.#at);
    if (isNameRune(rune.code)) return this.#lexIdentifier();
    if (unit > ' ' && unit < '\x7f') return this.#takeNext('char', 1);
    return this.#error(`unrecognized character in action: ${unicodeText(rune.code)}`);
  }

  #lexRightDelimiter(closing: { readonly length: number; readonly trims: boolean }): Token {
    if (this.#parenDepth > 0) return this.#error('unclosed left paren');
    const { right } = this.#options;
    this.#advance(this.#at + closing.length - right.length);
    this.#skip();
    this.#advance(this.#at + right.length);
    const token = this.#take('rightDelimiter');
    if (closing.trims) this.#advance(trimLeftEnd(this.#text, this.#at));
    this.#skip();
    this.#isInAction = false;
    return token;
  }

  /** A space before a trim marker belongs to the marker. */
  #lexSpace(): Token | undefined {
    let end = this.#at;
    while (end < this.#text.length && spaces.includes(this.#text[end] ?? '')) end += 1;
    const beforeMarker = this.#hasRightTrim(end - 1) && this.#text.startsWith(this.#options.right, end + 1);
    this.#advance(beforeMarker ? end - 1 : end);
    return this.#at > this.#start ? this.#take('space') : undefined;
  }

  #lexQuoted(mark: string, kind: TokenKind, message: string): Token {
    let at = this.#at + 1;
    for (; this.#text[at] !== mark; at += 1) {
      if (this.#text[at] === '\\') at += 1;
      if (at >= this.#text.length || this.#text[at] === '\n') return this.#error(message);
    }
    return this.#takeNext(kind, at + 1 - this.#at);
  }

  #lexRawString(): Token {
    const end = this.#text.indexOf('`', this.#at + 1);
    return end === -1 ? this.#error('unterminated raw quoted string') : this.#takeNext('rawString', end + 1 - this.#at);
  }

  /** `.name` or `$name`; without a name it is the dot, or the variable `$`. */
  #lexName(kind: 'field' | 'variable'): Token {
    const end = this.#nameEnd(this.#at + 1);
    const badCharacter = this.#badCharacterAt(end);
    if (badCharacter !== undefined) return badCharacter;
    if (end === this.#at + 1) return this.#takeNext(kind === 'field' ? 'dot' : 'variable', 1);
    return this.#takeNext(kind, end - this.#at);
  }

  #lexIdentifier(): Token {
    const end = this.#nameEnd(this.#at);
    const word = this.#text.slice(this.#at, end);
    const badCharacter = this.#badCharacterAt(end);
    if (badCharacter !== undefined) return badCharacter;
    return this.#takeNext(this.#wordKind(word), end - this.#at);
  }

  #wordKind(word: string): TokenKind {
    if (word === 'true' || word === 'false') return 'bool';
    if (word === 'nil') return 'nil';
    const isHidden = (word === 'break' || word === 'continue') && this.#options.isFunction(word);
    return keywords.has(word) && !isHidden ? (word as Keyword) : 'identifier'; // `has` proves the cast
  }

  #nameEnd(from: number): number {
    let at = from;
    for (;;) {
      if (at >= this.#text.length) return at;
      const rune = runeAt(this.#text, at);
      if (!isNameRune(rune.code)) return at;
      at += rune.width;
    }
  }

  /** After a name must come something that cannot belong to it. */
  #badCharacterAt(end: number): Token | undefined {
    const unit = this.#text[end];
    const ends =
      unit === undefined || `${spaces}.,|:()`.includes(unit) || this.#text.startsWith(this.#options.right, end);
    return ends ? undefined : this.#error(`bad character ${unicodeText(runeAt(this.#text, end).code)}`);
  }

  #lexNumber(): Token {
    const first = scanNumber(this.#text, this.#at);
    if (!first.ok) return this.#badNumber(first.end);
    const sign = this.#text[first.end];
    if (sign !== '+' && sign !== '-') return this.#takeNext('number', first.end - this.#at);
    const second = scanNumber(this.#text, first.end);
    if (!second.ok || this.#text[second.end - 1] !== 'i') return this.#badNumber(second.end);
    return this.#takeNext('complex', second.end - this.#at);
  }

  #badNumber(end: number): Token {
    return this.#error(`bad number syntax: ${quote(this.#text.slice(this.#start, end))}`);
  }

  #hasLeftTrim(at: number): boolean {
    return this.#text[at] === trimMarker && isSpace(this.#text[at + 1]);
  }

  #hasRightTrim(at: number): boolean {
    return isSpace(this.#text[at]) && this.#text[at + 1] === trimMarker;
  }

  #takeNext(kind: TokenKind, length: number): Token {
    this.#advance(this.#at + length);
    return this.#take(kind);
  }

  #take(kind: TokenKind): Token {
    const token = this.#token(kind, this.#text.slice(this.#start, this.#at));
    this.#skip();
    return token;
  }

  #token(kind: TokenKind, text: string): Token {
    return { kind, text, at: this.#start, line: this.#startLine };
  }

  #error(message: string): Token {
    return this.#token('error', message);
  }

  #advance(to: number): void {
    for (let at = this.#text.indexOf('\n', this.#at); at !== -1 && at < to; at = this.#text.indexOf('\n', at + 1)) {
      this.#line += 1;
    }
    this.#at = to;
  }

  #skip(): void {
    this.#start = this.#at;
    this.#startLine = this.#line;
  }
}

function isSpace(unit: string | undefined): boolean {
  return unit !== undefined && unit !== '' && spaces.includes(unit);
}

function trimRightEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isSpace(text[end - 1])) end -= 1;
  return end;
}

function trimLeftEnd(text: string, from: number): number {
  let at = from;
  while (isSpace(text[at])) at += 1;
  return at;
}

const letterOrDigit = /^[\p{L}\p{Nd}_]$/u;

function isNameRune(code: number): boolean {
  return letterOrDigit.test(String.fromCodePoint(code));
}

/** Reads the longest text that could be a number; it may still be none (`08`). `ok` is false when a name follows it. */
function scanNumber(text: string, from: number): { readonly ok: boolean; readonly end: number } {
  const syntax =
    /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;
  syntax.lastIndex = from;
  const end = from + (syntax.exec(text)?.[0].length ?? 0);
  if (end >= text.length) return { ok: true, end };
  const following = runeAt(text, end);
  return isNameRune(following.code) ? { ok: false, end: end + following.width } : { ok: true, end };
}
