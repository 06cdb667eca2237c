/** Sprig's functions that shorten and break lines, as goutils 1.1 does: by bytes, not by characters. */
import { define, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { isSpace } from '../text/unicode.ts';
import { encodeRune } from '../text/utf8.ts';
import { intType, stringType } from '../types.ts';
import { integer, text } from './arguments.ts';
import { chargeBytes, chargeGrowth } from './cost.ts';

export const layoutFunctions: readonly TemplateFunction[] = [
  define('wrap', [intType, stringType], stringType, ([width, value], runtime) =>
    wrap(text(value), { width: integer(width), newLine: '\n', breakWords: false }, runtime),
  ),
  define('wrapWith', [intType, stringType, stringType], stringType, ([width, newLine, value], runtime) =>
    wrap(text(value), { width: integer(width), newLine: text(newLine) || '\n', breakWords: true }, runtime),
  ),
  define('abbrev', [intType, stringType], stringType, ([width, value]) => abbreviate(text(value), 0, integer(width))),
  define('abbrevboth', [intType, intType, stringType], stringType, ([offset, width, value]) =>
    abbreviate(text(value), integer(offset), integer(width)),
  ),
  define('initials', [stringType], stringType, ([value], runtime) => initials(text(value), runtime)),
  define('nospace', [stringType], stringType, ([value], runtime) => withoutSpace(text(value), runtime)),
];

interface Wrapping {
  readonly width: number;
  readonly newLine: string;
  /** Cut words that are longer than a line. */
  readonly breakWords: boolean;
}

function wrap(value: string, wrapping: Wrapping, runtime: FunctionRuntime): string {
  const width = Math.max(wrapping.width, 1);
  chargeBytes(runtime, value.length);
  let wrapped = '';
  let at = 0;
  while (value.length - at > width) {
    if (value.charAt(at) === ' ') {
      at++;
      continue;
    }
    chargeGrowth(runtime, wrapping.newLine.length);
    const { end, next } = nextLine(value, at, width, wrapping.breakWords);
    if (next >= value.length && end === value.length) break;
    wrapped += value.slice(at, end) + wrapping.newLine;
    at = next;
  }
  return wrapped + value.slice(at);
}

/** Where a line that starts at `at` ends, and where the next one starts. */
function nextLine(value: string, at: number, width: number, breakWords: boolean): { end: number; next: number } {
  const space = value.slice(at, at + width + 1).lastIndexOf(' ');
  if (space >= 0) return { end: at + space, next: at + space + 1 };
  if (breakWords) return { end: at + width, next: at + width };
  const wordEnd = value.indexOf(' ', at + width);
  return wordEnd < 0 ? { end: value.length, next: value.length } : { end: wordEnd, next: wordEnd + 1 };
}

/** At most `width` bytes with dots for what is cut; from an `offset` above 4 on, the beginning is cut as well. */
function abbreviate(value: string, offset: number, width: number): string {
  if (width < 4 || (offset > 0 && width < 7) || value.length <= width) return value;
  const start = Math.min(offset, value.length);
  const from = value.length - start < width - 3 ? value.length - (width - 3) : start;
  if (from <= 4) return `${value.slice(0, width - 3)}...`;
  if (from + width - 3 < value.length) return `...${shorten(value.slice(from), width - 3)}`;
  return `...${value.slice(value.length - (width - 3))}`;
}

function shorten(value: string, width: number): string {
  return value.length <= width ? value : `${value.slice(0, width - 3)}...`;
}

/** The first byte of every word, as the character with its number: only ASCII letters come out as they are. */
function initials(value: string, runtime: FunctionRuntime): string {
  chargeBytes(runtime, value.length);
  let result = '';
  let startsWord = true;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (startsWord && !isSpace(code)) result += encodeRune(code);
    startsWord = isSpace(code);
  }
  return result;
}

/** Takes bytes for characters too: a text that has white space comes out with its other characters garbled. */
function withoutSpace(value: string, runtime: FunctionRuntime): string {
  chargeBytes(runtime, value.length);
  let result = '';
  let kept = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (isSpace(code)) continue;
    result += encodeRune(code);
    kept++;
  }
  return kept === value.length ? value : result;
}
