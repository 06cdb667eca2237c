/** Puts characters, indentation and scalars of a YAML document; it knows the column, libyaml's measure for folding. */
import { isPrintable } from './analyze.ts';
import { isBreak } from './cursor.ts';

/** Scalars are folded at the first single space beyond this column. */
const bestWidth = 80;
const bestIndent = 2;

export class Writer {
  #out = '';
  #column = 0;
  #indent = -1;
  /** True when what was written last was white space, so that none need be put before an indicator. */
  #whitespace = true;
  /** True while nothing but indentation and the indicators `-`, `?` and `:` stand in the line. */
  #indention = true;

  get inIndention(): boolean {
    return this.#indention;
  }

  text(): string {
    return this.#out;
  }

  /** Runs `write` with the indentation deeper by `step`, or of `first` columns at the top of the document. */
  nested(step: number, first: number, write: () => void): void {
    const outer = this.#indent;
    this.#indent = outer < 0 ? first : outer + step;
    write();
    this.#indent = outer;
  }

  /** Goes to the current indentation, in a fresh line unless this one has room for it. */
  newLine(): void {
    this.indentTo(Math.max(this.#indent, 0));
  }

  indentTo(indent: number): void {
    const fits = this.#indention && (this.#column < indent || (this.#column === indent && this.#whitespace));
    if (!fits) this.#break();
    this.#put(' '.repeat(Math.max(indent - this.#column, 0)));
    this.#whitespace = true;
    this.#indention = true;
  }

  indicator(text: string, needsSpace: boolean, keepsIndention: boolean): void {
    if (needsSpace && !this.#whitespace) this.#put(' ');
    this.#put(text);
    this.#whitespace = false;
    this.#indention = this.#indention && keepsIndention;
  }

  emptyCollection(open: string, close: string): void {
    this.indicator(open, true, false);
    this.indicator(close, false, false);
  }

  plain(text: string, mayFold: boolean): void {
    if (!this.#whitespace) this.#put(' ');
    let afterSpace = false;
    for (let i = 0; i < text.length; i++) {
      const char = text.charAt(i);
      const folds = char === ' ' && !afterSpace && text.charAt(i + 1) !== ' ';
      if (folds && mayFold && this.#column > bestWidth) this.newLine();
      else this.#putInLine(char);
      afterSpace = char === ' ';
    }
    this.#endScalar();
  }

  singleQuoted(text: string, mayFold: boolean): void {
    this.indicator("'", true, false);
    let afterSpace = false;
    let afterBreak = false;
    for (let i = 0; i < text.length; i++) {
      const char = text.charAt(i);
      if (char === ' ') {
        const folds = mayFold && !afterSpace && i > 0 && i < text.length - 1 && text.charAt(i + 1) !== ' ';
        if (folds && this.#column > bestWidth) this.newLine();
        else this.#put(char);
        afterSpace = true;
      } else if (isBreak(char.charCodeAt(0))) {
        if (!afterBreak && char === '\n') this.#break();
        this.#breakWith(char);
        this.#indention = true;
        afterBreak = true;
      } else {
        if (afterBreak) this.newLine();
        this.#putInLine(char === "'" ? "''" : char);
        afterSpace = false;
        afterBreak = false;
      }
    }
    this.indicator("'", false, false);
    this.#endScalar();
  }

  doubleQuoted(text: string, mayFold: boolean): void {
    this.indicator('"', true, false);
    // libyaml looks for the byte order mark at the start of the value whatever character it is at.
    const escapesAll = text.startsWith('\ufeff');
    let afterSpace = false;
    for (let i = 0; i < text.length; i++) {
      const char = text.charAt(i);
      if (escapesAll || needsEscape(char)) {
        const code = text.codePointAt(i) ?? 0;
        if (code > 0xffff) i++;
        this.#put(escape(code));
        afterSpace = false;
      } else if (char === ' ') {
        const folds = mayFold && !afterSpace && i > 0 && i < text.length - 1;
        if (folds && this.#column > bestWidth) {
          this.newLine();
          if (text.charAt(i + 1) === ' ') this.#put('\\');
        } else this.#put(char);
        afterSpace = true;
      } else {
        this.#put(char);
        afterSpace = false;
      }
    }
    this.indicator('"', false, false);
    this.#endScalar();
  }

  literal(text: string): void {
    this.indicator('|', true, false);
    this.indicator(blockHints(text), false, false);
    this.#break();
    this.#indention = true;
    this.#whitespace = true;
    let afterBreak = true;
    for (const char of text) {
      if (isBreak(char.charCodeAt(0))) {
        this.#breakWith(char);
        this.#indention = true;
        afterBreak = true;
      } else {
        if (afterBreak) this.newLine();
        this.#putInLine(char);
        afterBreak = false;
      }
    }
  }

  #put(text: string): void {
    this.#out += text;
    this.#column += text.length;
  }

  #putInLine(text: string): void {
    this.#put(text);
    this.#indention = false;
  }

  #break(): void {
    this.#out += '\n';
    this.#column = 0;
  }

  /** Writes a break of the value itself; those other than `\n` stay what they are. */
  #breakWith(char: string): void {
    this.#out += char;
    this.#column = 0;
  }

  #endScalar(): void {
    this.#whitespace = false;
    this.#indention = false;
  }
}

/** The indentation hint of a literal that begins with white space, and the sign for its last breaks. */
function blockHints(text: string): string {
  const hint = text.startsWith(' ') || isBreak(text.charCodeAt(0)) ? String(bestIndent) : '';
  if (!isBreak(text.charCodeAt(text.length - 1))) return `${hint}-`;
  const keeps = text.length === 1 || isBreak(text.charCodeAt(text.length - 2));
  return keeps ? `${hint}+` : hint;
}

function needsEscape(char: string): boolean {
  const code = char.charCodeAt(0);
  return char === '"' || char === '\\' || !isPrintable(code) || isBreak(code);
}

const named: ReadonlyMap<number, string> = new Map([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
]);

function escape(code: number): string {
  const name = named.get(code);
  if (name !== undefined) return `\\${name}`;
  const [prefix, width] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return `\\${prefix}${code.toString(16).toUpperCase().padStart(width, '0')}`;
}
