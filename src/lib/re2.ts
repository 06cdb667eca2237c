/** Regular expressions in Go's syntax and semantics, in linear time: what ESO's users wrote keeps its meaning. */
import { RE2JS, RE2JSException } from 're2js';
import { LruCache } from './lrucache.ts';

export class RegexpSyntaxError extends Error {
  override readonly name = 'RegexpSyntaxError';
}

export interface Re2 {
  /** Whether the expression matches anywhere in the text. */
  test(text: string): boolean;
  /** As Go's `ReplaceAllString`: `$1`, `$name`, `${1}`, `${name}` and `$$` in the replacement. */
  replaceAll(text: string, replacement: string): string;
}

/** @throws RegexpSyntaxError with the words of Go's compiler */
export function compileRe2(pattern: string): Re2 {
  const compiled = compile(pattern);
  return {
    test: (text) => compiled.test(text),
    replaceAll: (text, replacement) => replaceAll(compiled, text, replacement),
  };
}

/** Expressions that are used again and again, compiled once; bounded. */
export class Re2Cache {
  readonly #compiled: LruCache<string, Re2>;

  constructor(maxEntries = 256) {
    this.#compiled = new LruCache(maxEntries);
  }

  /** @throws RegexpSyntaxError */
  get(pattern: string): Re2 {
    const known = this.#compiled.get(pattern);
    if (known !== undefined) return known;
    const compiled = compileRe2(pattern);
    this.#compiled.set(pattern, compiled);
    return compiled;
  }
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSException) throw new RegexpSyntaxError(error.message);
    throw error;
  }
}

type Matcher = ReturnType<RE2JS['matcher']>;

function replaceAll(compiled: RE2JS, text: string, replacement: string): string {
  const matcher = compiled.matcher(text);
  const names = compiled.namedGroups();
  const pieces: string[] = [];
  let copiedTo = 0;
  for (let searchAt = 0; searchAt <= text.length && matcher.find(searchAt); ) {
    const [start, end] = [matcher.start(), matcher.end()];
    pieces.push(text.slice(copiedTo, start));
    // Go: an empty match right behind the match before is no match.
    if (end > copiedTo || start === 0) pieces.push(expand(replacement, matcher, compiled.groupCount(), names));
    copiedTo = end;
    searchAt = end > searchAt ? end : searchAt + runeWidth(text, searchAt);
  }
  return pieces.join('') + text.slice(copiedTo);
}

/** At least one, so that a search always moves on. */
function runeWidth(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

const reference = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/** As Go's `Regexp.Expand`: a group that does not exist is empty, a `$` that begins no reference is itself. */
function expand(
  replacement: string,
  matcher: Matcher,
  groups: number,
  names: Readonly<Record<string, number>>,
): string {
  return replacement.replace(reference, (whole, braced: string | undefined, bare: string | undefined) => {
    if (whole === '$$') return '$';
    const name = braced ?? bare ?? '';
    const group = /^[0-9]+$/.test(name) ? numbered(name) : names[name];
    return group === undefined || group > groups ? '' : (matcher.group(group) ?? '');
  });
}

/** Numbers with leading zeros are names in Go, and no group has one. */
function numbered(name: string): number | undefined {
  return name.length > 1 && name.startsWith('0') ? undefined : Number(name);
}
