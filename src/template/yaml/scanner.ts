/** Splits a YAML text into tokens as libyaml does: the indentation stack and the rules of simple keys live here. */
import { Cursor, isBlank, isBlankOrEnd, isBreak, type Mark } from './cursor.ts';
import { scanAnchor, scanDirective, scanTag } from './directives.ts';
import { scanBlockScalar, scanPlainScalar, scanQuotedScalar } from './scalars.ts';
import { type Token, type TokenKind, token } from './token.ts';

/** A key without `?` must be followed by its colon on the same line, within this many characters. */
const simpleKeyLength = 1_024;

/** A token after which a `:` would make it a key. */
interface SimpleKey {
  possible: boolean;
  required: boolean;
  tokenNumber: number;
  mark: Mark;
}

export class Scanner {
  readonly #cursor: Cursor;
  readonly #indents: number[] = [];
  readonly #simpleKeys: SimpleKey[];
  readonly #keyAtToken = new Map<number, SimpleKey>();
  #tokens: Token[] = [];
  #head = 0;
  #taken = 0;
  #indent = -1;
  #flowLevel = 0;
  #simpleKeyAllowed = true;
  #ended = false;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
    this.#simpleKeys = [this.#noKey()];
  }

  /** The next token, which stays next. After the end of the stream it is `streamEnd` for ever. */
  peek(): Token {
    while (this.#needsMore()) this.#fetch();
    const next = this.#tokens[this.#head];
    return next ?? token('streamEnd', this.#cursor.mark());
  }

  /** Takes the next token. */
  next(): Token {
    const next = this.peek();
    this.#head++;
    this.#taken++;
    if (this.#head === this.#tokens.length) {
      this.#tokens = [];
      this.#head = 0;
    }
    return next;
  }

  /** More must be read while the next token may still turn out to be a key, which puts tokens before it. */
  #needsMore(): boolean {
    if (this.#head === this.#tokens.length) return !this.#ended;
    const key = this.#keyAtToken.get(this.#taken);
    return key !== undefined && this.#isStillPossible(key);
  }

  #fetch(): void {
    this.#skipToNextToken();
    const cursor = this.#cursor;
    this.#unrollIndent(cursor.column);
    const code = cursor.code();
    if (code === 0) return this.#fetchStreamEnd();
    if (cursor.column === 0 && cursor.char() === '%') return this.#fetchDirective();
    if (cursor.atDocumentIndicator()) return this.#fetchDocumentIndicator();
    const kind = this.#indicator();
    if (kind !== undefined) return this.#fetchIndicator(kind);
    if (this.#startsPlainScalar()) return this.#fetchPlainScalar();
    cursor.fail('found character that cannot start any token', cursor.mark());
  }

  /** What the character here begins, if it is an indicator in this context. */
  #indicator(): string | undefined {
    const cursor = this.#cursor;
    const char = cursor.char();
    if ('[]{},*&!\'"'.includes(char)) return char;
    if (char === '-') return isBlankOrEnd(cursor.code(1)) ? char : undefined;
    if (char === '?' || char === ':') return this.#flowLevel > 0 || isBlankOrEnd(cursor.code(1)) ? char : undefined;
    return (char === '|' || char === '>') && this.#flowLevel === 0 ? char : undefined;
  }

  #fetchIndicator(indicator: string): void {
    switch (indicator) {
      case '[':
        return this.#fetchFlowStart('flowSequenceStart');
      case '{':
        return this.#fetchFlowStart('flowMappingStart');
      case ']':
        return this.#fetchFlowEnd('flowSequenceEnd');
      case '}':
        return this.#fetchFlowEnd('flowMappingEnd');
      case ',':
        return this.#fetchFlowEntry();
      case '-':
        return this.#fetchBlockEntry();
      case '?':
        return this.#fetchKey();
      case ':':
        return this.#fetchValue();
      case '|':
      case '>':
        return this.#fetchBlockScalar();
      default:
        return this.#fetchNodeStart(indicator);
    }
  }

  #startsPlainScalar(): boolean {
    const cursor = this.#cursor;
    const char = cursor.char();
    if (char === '-') return !isBlank(cursor.code(1));
    if (char === '?' || char === ':') return this.#flowLevel === 0 && !isBlankOrEnd(cursor.code(1));
    return !isBlankOrEnd(cursor.code()) && !',[]{}#&*!|>\'"%@`'.includes(char);
  }

  #skipToNextToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      const tabs = this.#flowLevel > 0 || !this.#simpleKeyAllowed;
      cursor.takeWhile((code) => code === 0x20 || (tabs && code === 0x09));
      cursor.skipComment();
      if (!isBreak(cursor.code())) return;
      cursor.takeBreak();
      if (this.#flowLevel === 0) this.#simpleKeyAllowed = true;
    }
  }

  #push(kind: TokenKind, mark: Mark): void {
    this.#tokens.push(token(kind, mark));
  }

  /** Takes `width` characters as a token of `kind`. */
  #take(kind: TokenKind, width = 1): void {
    this.#push(kind, this.#cursor.mark());
    this.#cursor.skip(width);
  }

  #fetchStreamEnd(): void {
    this.#cursor.endLine();
    this.#unrollIndent(-1);
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = false;
    this.#push('streamEnd', this.#cursor.mark());
    this.#ended = true;
  }

  #fetchDirective(): void {
    this.#unrollIndent(-1);
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = false;
    this.#tokens.push(scanDirective(this.#cursor));
  }

  #fetchDocumentIndicator(): void {
    this.#unrollIndent(-1);
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = false;
    this.#take(this.#cursor.char() === '-' ? 'documentStart' : 'documentEnd', 3);
  }

  #fetchFlowStart(kind: TokenKind): void {
    this.#saveSimpleKey();
    this.#simpleKeys.push(this.#noKey());
    this.#flowLevel++;
    this.#simpleKeyAllowed = true;
    this.#take(kind);
  }

  #fetchFlowEnd(kind: TokenKind): void {
    this.#removeSimpleKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel--;
      const key = this.#simpleKeys.pop();
      if (key !== undefined) this.#keyAtToken.delete(key.tokenNumber);
    }
    this.#simpleKeyAllowed = false;
    this.#take(kind);
  }

  #fetchFlowEntry(): void {
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = true;
    this.#take('flowEntry');
  }

  #fetchBlockEntry(): void {
    const cursor = this.#cursor;
    if (this.#flowLevel === 0) {
      if (!this.#simpleKeyAllowed) cursor.fail('block sequence entries are not allowed in this context');
      this.#rollIndent(cursor.column, 'blockSequenceStart', cursor.mark());
    }
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = true;
    this.#take('blockEntry');
  }

  #fetchKey(): void {
    const cursor = this.#cursor;
    if (this.#flowLevel === 0) {
      if (!this.#simpleKeyAllowed) cursor.fail('mapping keys are not allowed in this context');
      this.#rollIndent(cursor.column, 'blockMappingStart', cursor.mark());
    }
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = this.#flowLevel === 0;
    this.#take('key');
  }

  #fetchValue(): void {
    const key = this.#currentKey();
    if (this.#isStillPossible(key)) this.#insertKey(key);
    else this.#startValueWithoutKey();
    this.#take('value');
  }

  /** Puts the key token, and where its column opens a mapping the start of that, before the key's own token. */
  #insertKey(key: SimpleKey): void {
    const at = this.#head + key.tokenNumber - this.#taken;
    this.#tokens.splice(at, 0, token('key', key.mark));
    this.#rollIndent(key.mark.column, 'blockMappingStart', key.mark, at);
    this.#forget(key);
    this.#simpleKeyAllowed = false;
  }

  #startValueWithoutKey(): void {
    const cursor = this.#cursor;
    if (this.#flowLevel === 0) {
      if (!this.#simpleKeyAllowed) cursor.fail('mapping values are not allowed in this context');
      this.#rollIndent(cursor.column, 'blockMappingStart', cursor.mark());
    }
    this.#simpleKeyAllowed = this.#flowLevel === 0;
  }

  /** Aliases, anchors, tags and quoted scalars: each may be the start of a simple key. */
  #fetchNodeStart(indicator: string): void {
    this.#saveSimpleKey();
    this.#simpleKeyAllowed = false;
    const cursor = this.#cursor;
    if (indicator === '*') this.#tokens.push(scanAnchor(cursor, 'alias'));
    else if (indicator === '&') this.#tokens.push(scanAnchor(cursor, 'anchor'));
    else if (indicator === '!') this.#tokens.push(scanTag(cursor));
    else this.#tokens.push(scanQuotedScalar(cursor, indicator === "'"));
  }

  #fetchBlockScalar(): void {
    this.#removeSimpleKey();
    this.#simpleKeyAllowed = true;
    this.#tokens.push(scanBlockScalar(this.#cursor, this.#indent));
  }

  #fetchPlainScalar(): void {
    this.#saveSimpleKey();
    const { scalar, endsLine } = scanPlainScalar(this.#cursor, this.#indent + 1, this.#flowLevel > 0);
    this.#simpleKeyAllowed = endsLine;
    this.#tokens.push(scalar);
  }

  #noKey(): SimpleKey {
    return { possible: false, required: false, tokenNumber: this.#nextNumber(), mark: this.#cursor.mark() };
  }

  /** The number, counted from the start of the stream, of the token that is fetched next. */
  #nextNumber(): number {
    return this.#taken + this.#tokens.length - this.#head;
  }

  #currentKey(): SimpleKey {
    return this.#simpleKeys.at(-1) ?? this.#noKey();
  }

  #saveSimpleKey(): void {
    if (!this.#simpleKeyAllowed) return;
    const required = this.#flowLevel === 0 && this.#indent === this.#cursor.column;
    this.#removeSimpleKey();
    const key = { ...this.#noKey(), possible: true, required };
    this.#simpleKeys[this.#simpleKeys.length - 1] = key;
    this.#keyAtToken.set(key.tokenNumber, key);
  }

  #removeSimpleKey(): void {
    const key = this.#currentKey();
    if (!key.possible) return;
    if (key.required) this.#cursor.fail("could not find expected ':'", key.mark);
    this.#forget(key);
  }

  #forget(key: SimpleKey): void {
    key.possible = false;
    this.#keyAtToken.delete(key.tokenNumber);
  }

  #isStillPossible(key: SimpleKey): boolean {
    if (!key.possible) return false;
    const { line, index } = this.#cursor;
    if (key.mark.line >= line && key.mark.index + simpleKeyLength >= index) return true;
    if (key.required) this.#cursor.fail("could not find expected ':'", key.mark);
    key.possible = false;
    return false;
  }

  /** Opens a block collection when the column is deeper than the current one. */
  #rollIndent(column: number, kind: TokenKind, mark: Mark, at = this.#tokens.length): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    this.#tokens.splice(at, 0, token(kind, mark));
  }

  /** Closes the block collections that are deeper than `column`. */
  #unrollIndent(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#push('blockEnd', this.#cursor.mark());
      this.#indent = this.#indents.pop() ?? -1;
    }
  }
}
