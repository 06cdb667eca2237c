/** A place in a YAML text, with the classes of characters and the marks that the scanner asks for. */
import { YamlError } from './errors.ts';

/** A place in the stream: zero-based line and column, and characters since the start. */
export interface Mark {
  readonly line: number;
  readonly column: number;
  readonly index: number;
}

/** Walks a text character by character (an astral character is one) and counts lines as YAML 1.1 does. */
export class Cursor {
  readonly #text: string;
  #at = 0;
  #line = 0;
  #column = 0;
  #index = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get line(): number {
    return this.#line;
  }

  get column(): number {
    return this.#column;
  }

  get index(): number {
    return this.#index;
  }

  mark(): Mark {
    return { line: this.#line, column: this.#column, index: this.#index };
  }

  /** The code unit `ahead` places on; 0, which no YAML text contains, past the end. */
  code(ahead = 0): number {
    const at = this.#at + ahead;
    return at < this.#text.length ? this.#text.charCodeAt(at) : 0;
  }

  /** The same as a one-unit string, empty at the end. */
  char(ahead = 0): string {
    return this.#text.charAt(this.#at + ahead);
  }

  startsWith(prefix: string): boolean {
    return this.#text.startsWith(prefix, this.#at);
  }

  skip(count = 1): void {
    for (let i = 0; i < count; i++) this.#at += isHighSurrogate(this.code()) ? 2 : 1;
    this.#index += count;
    this.#column += count;
  }

  /** Takes one character that is not a line break. */
  take(): string {
    const from = this.#at;
    this.skip();
    return this.#text.slice(from, this.#at);
  }

  /** Takes characters while `accepts` holds for their code unit. */
  takeWhile(accepts: (code: number) => boolean): string {
    const from = this.#at;
    while (this.#at < this.#text.length && accepts(this.code())) this.skip();
    return this.#text.slice(from, this.#at);
  }

  /** Takes a line break: `\n` for CR, LF, CRLF and NEL, and LS and PS as they are. Nothing when there is none. */
  takeBreak(): string {
    const code = this.code();
    if (!isBreak(code)) return '';
    const width = code === CR && this.code(1) === LF ? 2 : 1;
    this.#at += width;
    this.#index += width;
    this.#column = 0;
    this.#line++;
    return code === LS || code === PS ? String.fromCharCode(code) : '\n';
  }

  skipBlanks(): void {
    while (isBlank(this.code())) this.skip();
  }

  /** Skips a comment up to its line break, if one starts here. */
  skipComment(): void {
    if (this.code() !== HASH) return;
    while (!isBreakOrEnd(this.code())) this.skip();
  }

  /** True at `---` or `...` at the start of a line, followed by white space or the end. */
  atDocumentIndicator(): boolean {
    return this.#column === 0 && (this.startsWith('---') || this.startsWith('...')) && isBlankOrEnd(this.code(3));
  }

  /** Moves to a fresh line before the end of the stream is reported, as libyaml does. */
  endLine(): void {
    if (this.#column === 0) return;
    this.#column = 0;
    this.#line++;
  }

  /** An error of the scanner at this place; go-yaml counts its line from one, and says none on the first line. */
  fail(problem: string, context?: Mark): never {
    const where = this.#line !== 0 ? this.#line + 1 : (context?.line ?? 0);
    throw new YamlError(where === 0 ? problem : `line ${where}: ${problem}`);
  }
}

const LF = 0x0a;
const CR = 0x0d;
const NEL = 0x85;
const LS = 0x2028;
const PS = 0x2029;
const HASH = 0x23;

export function isBreak(code: number): boolean {
  return code === LF || code === CR || code === NEL || code === LS || code === PS;
}

export function isBreakOrEnd(code: number): boolean {
  return code === 0 || isBreak(code);
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

export function isBlankOrEnd(code: number): boolean {
  return isBlank(code) || isBreakOrEnd(code);
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** A letter, digit, `_` or `-`: what anchors and tag handles are made of. */
export function isWord(code: number): boolean {
  return (
    isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f || code === 0x2d
  );
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
