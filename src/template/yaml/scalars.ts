/** The three shapes of scalars: plain, quoted, block. Each folds line breaks by its own rule. */
import { type Cursor, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isDigit, type Mark } from './cursor.ts';
import { type Token, token } from './token.ts';

/** White space inside a scalar: blanks that stay, or breaks that are folded. */
interface Gap {
  readonly blanks: string;
  readonly firstBreak: string;
  readonly moreBreaks: string;
}

/** One break becomes a space, more than one lose the first; LS and PS are never folded. */
function fold(gap: Gap): string {
  if (gap.firstBreak === '') return gap.blanks + gap.moreBreaks;
  if (gap.firstBreak !== '\n') return gap.firstBreak + gap.moreBreaks;
  return gap.moreBreaks === '' ? ' ' : gap.moreBreaks;
}

/** Takes blanks and breaks. `afterBreak` starts in a line that an escaped break opened, whose blanks are dropped. */
function takeGap(cursor: Cursor, afterBreak: boolean, onLeadingTab: () => void): Gap {
  let blanks = '';
  let firstBreak = '';
  let moreBreaks = '';
  let broken = afterBreak;
  for (;;) {
    const code = cursor.code();
    if (isBlank(code)) {
      if (broken && code === 0x09) onLeadingTab();
      if (broken) cursor.skip();
      else blanks += cursor.take();
    } else if (isBreak(code)) {
      if (broken) moreBreaks += cursor.takeBreak();
      else firstBreak = cursor.takeBreak();
      broken = true;
    } else return { blanks: broken ? '' : blanks, firstBreak, moreBreaks };
  }
}

/**
 * Reads a plain scalar whose further lines must be indented by `indent` columns or more.
 * `endsLine` is true when it was ended by a line break, after which a key may begin.
 */
export function scanPlainScalar(cursor: Cursor, indent: number, inFlow: boolean): { scalar: Token; endsLine: boolean } {
  const mark = cursor.mark();
  let text = '';
  let gap: Gap | undefined;
  while (!cursor.atDocumentIndicator() && cursor.char() !== '#') {
    const word = takePlainWord(cursor, inFlow);
    if (word !== '') {
      text += (gap === undefined ? '' : fold(gap)) + word;
      gap = undefined;
    }
    if (!isBlank(cursor.code()) && !isBreak(cursor.code())) break;
    gap = takeGap(cursor, false, () => {
      if (cursor.column < indent) cursor.fail('found a tab character that violates indentation', mark);
    });
    if (!inFlow && cursor.column < indent) break;
  }
  return { scalar: token('scalar', mark, text, '', true), endsLine: gap !== undefined && gap.firstBreak !== '' };
}

function takePlainWord(cursor: Cursor, inFlow: boolean): string {
  let word = '';
  while (!isBlankOrEnd(cursor.code())) {
    const char = cursor.char();
    if (char === ':' && isBlankOrEnd(cursor.code(1))) break;
    if (inFlow && ',?[]{}'.includes(char)) break;
    word += cursor.take();
  }
  return word;
}

/** Reads a scalar in single or double quotes; the cursor is at the opening one. */
export function scanQuotedScalar(cursor: Cursor, single: boolean): Token {
  const mark = cursor.mark();
  const quote = single ? "'" : '"';
  cursor.skip();
  let text = '';
  for (;;) {
    if (cursor.atDocumentIndicator()) cursor.fail('found unexpected document indicator', mark);
    if (cursor.code() === 0) cursor.fail('found unexpected end of stream', mark);
    const { word, escapedBreak } = takeQuotedWord(cursor, single, mark);
    text += word;
    if (cursor.char() === quote) break;
    text += fold(takeGap(cursor, escapedBreak, () => undefined));
  }
  cursor.skip();
  return token('scalar', mark, text);
}

function takeQuotedWord(cursor: Cursor, single: boolean, mark: Mark): { word: string; escapedBreak: boolean } {
  let word = '';
  while (!isBlankOrEnd(cursor.code())) {
    const char = cursor.char();
    if (single && cursor.startsWith("''")) {
      word += "'";
      cursor.skip(2);
    } else if (char === (single ? "'" : '"')) {
      break;
    } else if (!single && char === '\\') {
      if (isBreak(cursor.code(1))) {
        cursor.skip();
        cursor.takeBreak();
        return { word, escapedBreak: true };
      }
      word += takeEscape(cursor, mark);
    } else word += cursor.take();
  }
  return { word, escapedBreak: false };
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);

const hexLengths: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

function takeEscape(cursor: Cursor, mark: Mark): string {
  const name = cursor.char(1);
  const simple = escapes.get(name);
  const length = hexLengths.get(name);
  if (simple === undefined && length === undefined) cursor.fail('found unknown escape character', mark);
  cursor.skip(2);
  if (simple !== undefined) return simple;
  let digits = '';
  for (let k = 0; k < (length ?? 0); k++) {
    if (!/^[0-9A-Fa-f]$/.test(cursor.char(k))) cursor.fail('did not find expected hexdecimal number', mark);
    digits += cursor.char(k);
  }
  const value = Number.parseInt(digits, 16);
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
    cursor.fail('found invalid Unicode character escape code', mark);
  }
  cursor.skip(digits.length);
  return String.fromCodePoint(value);
}

/** How a block scalar's last breaks are treated: kept, dropped, or cut to one. */
type Chomping = 'keep' | 'strip' | 'clip';

/** Reads a literal (`|`) or folded (`>`) scalar inside a block of `parentIndent`; the cursor is at the indicator. */
export function scanBlockScalar(cursor: Cursor, parentIndent: number): Token {
  const mark = cursor.mark();
  const literal = cursor.char() === '|';
  cursor.skip();
  const { chomping, increment } = scanBlockHeader(cursor, mark);
  const fixed = increment > 0 ? Math.max(parentIndent, 0) + increment : 0;
  let { indent, breaks } = takeBlockBreaks(cursor, fixed, parentIndent, mark);
  let text = '';
  let lineBreak = '';
  let afterBlank = false;
  while (cursor.column === indent && cursor.code() !== 0) {
    const startsBlank = isBlank(cursor.code());
    const folds = !literal && !afterBlank && !startsBlank && lineBreak === '\n';
    if (!folds) text += lineBreak;
    else if (breaks === '') text += ' ';
    afterBlank = startsBlank;
    text += breaks + cursor.takeWhile((code) => !isBreakOrEnd(code));
    lineBreak = cursor.takeBreak();
    ({ indent, breaks } = takeBlockBreaks(cursor, indent, parentIndent, mark));
  }
  if (chomping !== 'strip') text += lineBreak;
  if (chomping === 'keep') text += breaks;
  return token('scalar', mark, text);
}

function scanBlockHeader(cursor: Cursor, mark: Mark): { chomping: Chomping; increment: number } {
  let chomping = takeChomping(cursor);
  const increment = takeIncrement(cursor, mark);
  chomping ??= increment > 0 ? takeChomping(cursor) : undefined;
  cursor.skipBlanks();
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.code())) cursor.fail('did not find expected comment or line break', mark);
  cursor.takeBreak();
  return { chomping: chomping ?? 'clip', increment };
}

function takeChomping(cursor: Cursor): Chomping | undefined {
  const char = cursor.char();
  if (char !== '+' && char !== '-') return undefined;
  cursor.skip();
  return char === '+' ? 'keep' : 'strip';
}

function takeIncrement(cursor: Cursor, mark: Mark): number {
  if (!isDigit(cursor.code())) return 0;
  if (cursor.char() === '0') cursor.fail('found an indentation indicator equal to 0', mark);
  return Number(cursor.take());
}

/** Takes indentation and empty lines; an `indent` of 0 is found out from the deepest of them. */
function takeBlockBreaks(
  cursor: Cursor,
  indent: number,
  parentIndent: number,
  mark: Mark,
): { indent: number; breaks: string } {
  let breaks = '';
  let deepest = 0;
  const inIndentation = (): boolean => indent === 0 || cursor.column < indent;
  for (;;) {
    while (inIndentation() && cursor.code() === 0x20) cursor.skip();
    deepest = Math.max(deepest, cursor.column);
    if (inIndentation() && cursor.code() === 0x09) {
      cursor.fail('found a tab character where an indentation space is expected', mark);
    }
    if (!isBreak(cursor.code())) break;
    breaks += cursor.takeBreak();
  }
  return { indent: indent === 0 ? Math.max(deepest, parentIndent + 1, 1) : indent, breaks };
}
