/** How xstrings 1.5 cuts a name into words: runs of capitals, letters, digits, connectors, punctuation, others. */
import { isLetter, isNumber, isPunctuation, isSpace, isUpper } from '../text/unicode.ts';
import { runeAt, runeError } from '../text/utf8.ts';

export interface Word {
  /** `capitals` is a run of capitals or a capitalised word; `invalid` is a rest without any valid character. */
  readonly kind: 'capitals' | 'letters' | 'number' | 'connector' | 'punctuation' | 'other' | 'invalid';
  readonly bytes: string;
}

export function isConnector(code: number): boolean {
  return code === 0x2d || code === 0x5f || isSpace(code);
}

export function splitWords(bytes: string): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { kind, end } = nextWord(bytes, at);
    words.push({ kind, bytes: bytes.slice(at, end) });
    at = end;
  }
  return words;
}

type Test = (code: number) => boolean;

/** The runs that are made of one class; of the letters, capitals come before the rest of the alphabet. */
const classes: ReadonlyArray<{ readonly kind: Word['kind']; readonly starts: Test; readonly goesOn: Test }> = [
  { kind: 'connector', starts: isConnector, goesOn: isConnector },
  { kind: 'punctuation', starts: isPunctuation, goesOn: isPunctuation },
  { kind: 'letters', starts: isAlphabet, goesOn: isSmall },
  { kind: 'number', starts: isNumber, goesOn: isNumber },
];

function nextWord(bytes: string, start: number): { kind: Word['kind']; end: number } {
  const first = validRune(bytes, start, runeError);
  if (first.code === runeError) return { kind: 'invalid', end: first.end };
  if (isUpper(first.code)) return { kind: 'capitals', end: endOfCapitals(bytes, first) };
  const found = classes.find(({ starts }) => starts(first.code));
  return { kind: found?.kind ?? 'other', end: endOfRun(bytes, first, found?.goesOn ?? isOther) };
}

interface Step {
  readonly code: number;
  readonly end: number;
}

/** The next valid character, with the invalid bytes before it; at the end of the text, the previous one once more. */
function validRune(bytes: string, start: number, previous: number): Step {
  let at = start;
  while (at < bytes.length) {
    const { code, width } = runeAt(bytes, at);
    at += width;
    if (code !== runeError) return { code, end: at };
  }
  return { code: previous, end: at };
}

function endOfRun(bytes: string, first: Step, goesOn: Test): number {
  let last = first;
  while (last.end < bytes.length) {
    const next = validRune(bytes, last.end, last.code);
    if (!goesOn(next.code)) break;
    last = next;
  }
  return last.end;
}

/** `HTTP` of `HTTPServer`: the last capital before a small letter begins the next word. */
function endOfCapitals(bytes: string, first: Step): number {
  if (first.end >= bytes.length) return first.end;
  const second = validRune(bytes, first.end, first.code);
  if (!isUpper(second.code)) return isAlphabet(second.code) ? endOfRun(bytes, second, isSmall) : first.end;
  let beforeLast = first;
  let last = second;
  while (last.end < bytes.length) {
    const next = validRune(bytes, last.end, last.code);
    if (!isUpper(next.code)) return isAlphabet(next.code) ? beforeLast.end : last.end;
    beforeLast = last;
    last = next;
  }
  return last.end;
}

function isSmall(code: number): boolean {
  return isAlphabet(code) && !isUpper(code);
}

function isOther(code: number): boolean {
  return !isConnector(code) && !isAlphabet(code) && !isNumber(code) && !isPunctuation(code);
}

/** A letter, but not of the Chinese, Japanese and Korean ideographs. */
function isAlphabet(code: number): boolean {
  if (!isLetter(code)) return false;
  const isIdeograph =
    (code >= 0x3400 && code <= 0x4d85) || (code >= 0x4e00 && code <= 0x9fcc) || (code >= 0x20000 && code <= 0x2b81d);
  return !isIdeograph;
}
