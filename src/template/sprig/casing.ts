/** Upper and lower case, and the naming styles of xstrings 1.5: snake_case, kebab-case, PascalCase. */
import { define, type TemplateFunction } from '../function.ts';
import { isDigit, isLetter, isLower, isSpace, isTitle, isUpper, toLower, toTitle, toUpper } from '../text/unicode.ts';
import { encodeRune, encodeRunes, isAscii, runeCodes, runes } from '../text/utf8.ts';
import { stringType } from '../types.ts';
import { text } from './arguments.ts';
import { chargeBytes } from './cost.ts';
import { isConnector, splitWords, type Word } from './words.ts';

export const casingFunctions: readonly TemplateFunction[] = [
  fromText('upper', (value) => (isAscii(value) ? value.toUpperCase() : encodeRunes(runeCodes(value).map(toUpper)))),
  fromText('lower', (value) => (isAscii(value) ? value.toLowerCase() : encodeRunes(runeCodes(value).map(toLower)))),
  fromText('title', (value) => encodeRunes(title(runeCodes(value)))),
  fromText('untitle', (value) => encodeRunes(untitle(runeCodes(value)))),
  fromText('swapcase', (value) => encodeRunes(swapCase(runeCodes(value)))),
  fromText('camelcase', (value) => pascalCase(runeCodes(value))),
  fromText('snakecase', (value) => joinWords(value, '_')),
  fromText('kebabcase', (value) => joinWords(value, '-')),
];

function fromText(name: string, convert: (value: string) => string): TemplateFunction {
  return define(name, [stringType], stringType, ([value], runtime) => {
    chargeBytes(runtime, text(value).length);
    return convert(text(value));
  });
}

function title(codes: readonly number[]): number[] {
  return codes.map((code, at) => (startsTitle(codes[at - 1]) ? toTitle(code) : code));
}

/** strings.Title: a letter begins a word at the start and after what is neither letter, digit nor underscore. */
function startsTitle(before: number | undefined): boolean {
  if (before === undefined) return true;
  if (before < 0x80) return !isLetter(before) && !isDigit(before) && before !== 0x5f;
  return !isLetter(before) && !isDigit(before) && isSpace(before);
}

/** goutils.Uncapitalize: the first letter of every word. */
function untitle(codes: readonly number[]): number[] {
  return codes.map((code, at) => (at === 0 || isSpace(codes[at - 1] ?? 0) ? toLower(code) : code));
}

/** goutils.SwapCase: a small letter at the start of a word takes title case. */
function swapCase(codes: readonly number[]): number[] {
  let startsWord = true;
  return codes.map((code) => {
    const toTitleCase = startsWord;
    startsWord = isSpace(code);
    if (isUpper(code) || isTitle(code)) return toLower(code);
    if (!isLower(code)) return code;
    return toTitleCase ? toTitle(code) : toUpper(code);
  });
}

/** xstrings.ToPascalCase: connectors go, the letter after each is raised; words in capitals are lowered but for the first. */
function pascalCase(codes: readonly number[]): string {
  const start = codes.findIndex((code) => !isConnector(code));
  if (start < 0 || start === codes.length - 1) return pascalEdge(codes);
  let result = encodeRunes(codes.slice(0, start));
  let inCapitals = isUpper(codes[start] ?? 0);
  let current = toUpper(codes[start] ?? 0);
  for (const next of codes.slice(start + 1)) {
    const before = current;
    current = next;
    if (isConnector(before)) {
      if (isConnector(current)) result += encodeRune(before);
      else {
        inCapitals = isUpper(current);
        current = toUpper(current);
      }
      continue;
    }
    if (inCapitals && isUpper(current)) current = toLower(current);
    else if (inCapitals) inCapitals = false;
    result += encodeRune(before);
  }
  return result + encodeRune(current);
}

/** Connectors alone, or one letter after them: the library writes the last character once more. */
function pascalEdge(codes: readonly number[]): string {
  const last = codes.at(-1);
  if (last === undefined) return '';
  return isConnector(last) ? encodeRunes([...codes, last]) : encodeRunes([...codes.slice(0, -1), toUpper(last)]);
}

/** xstrings.ToSnakeCase and ToKebabCase. */
function joinWords(value: string, connector: string): string {
  const words = splitWords(value);
  let joined = '';
  let at = 0;
  const kindAt = (index: number): Word['kind'] | undefined => words[index]?.kind;
  const put = (): void => {
    joined += lowered(words[at], connector);
    at++;
  };
  const putRun = (): void => {
    while (kindAt(at) === 'letters' || kindAt(at) === 'number') put();
    if (kindAt(at) !== 'invalid' && isSeparable(kindAt(at))) joined += connector;
  };
  while (at < words.length) {
    const kind = kindAt(at);
    put();
    if (kind === 'number') putRun();
    else if (kind === 'connector' || kind === 'punctuation') continue;
    else if (kindAt(at) !== 'number') joined += isSeparable(kindAt(at)) ? connector : '';
    else if (kindAt(at + 1) === 'letters') {
      // Small letters after a number pull it into their word: http_2xx.
      joined += connector;
      putRun();
    } else if (kindAt(at + 1) !== undefined) {
      // Otherwise it belongs to the word before: bld4_floor.
      put();
      joined += isSeparable(kindAt(at)) ? connector : '';
    }
  }
  return joined;
}

/** True for what a connector is put before: words, but not what separates them already, nor the end. */
function isSeparable(kind: Word['kind'] | undefined): boolean {
  return kind !== undefined && kind !== 'connector' && kind !== 'punctuation';
}

function lowered(word: Word | undefined, connector: string): string {
  if (word === undefined) return '';
  if (word.kind !== 'capitals' && word.kind !== 'connector') return word.bytes;
  let result = '';
  for (const { code } of runes(word.bytes)) result += isConnector(code) ? connector : encodeRune(lowerIfUpper(code));
  return result;
}

function lowerIfUpper(code: number): number {
  return isUpper(code) ? toLower(code) : code;
}
