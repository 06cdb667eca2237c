/** Regular expressions with RE2's syntax and linear time, over bytes, with the results and errors of Go's regexp. */
import { MatcherInput, RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { decodeUtf8, encodeUtf8, isValidUtf8, runeError, runes } from '../text/utf8.ts';
import { parseTemplate } from './expand.ts';
import { type Rewritten, renameClasses, renameDuplicates } from './pattern.ts';
import { Subject } from './subject.ts';

/** A pattern that does not compile; the message is Go's, in bytes. */
export class RegexpError extends Error {
  override readonly name = 'RegexpError';
}

/** Called before each search with the bytes that replacements have added since the last; may throw to end the work. */
export type OnSearch = (madeBytes: number) => void;

/** Start and end of the match, then of each group; -1 for a group that took no part. */
type Match = readonly number[];

/** A compiled pattern. Patterns, subjects and results are bytes. */
export class Regexp {
  readonly #re2: RE2JS;
  readonly #names: GroupNames;
  readonly #onSearch: OnSearch;

  /** @throws RegexpError */
  constructor(pattern: string, onSearch: OnSearch = () => undefined) {
    const { re2, originals } = compile(pattern);
    this.#onSearch = onSearch;
    this.#re2 = re2;
    this.#names = groupNames(re2, originals);
  }

  /** How many instructions the pattern compiles to: each may look at each character of a text. */
  get size(): number {
    return this.#re2.programSize();
  }

  matches(bytes: string): boolean {
    return this.#re2.test(new Subject(bytes).text);
  }

  /** The leftmost match, empty when there is none. */
  find(bytes: string): string {
    const subject = new Subject(bytes);
    this.#onSearch(0);
    const match = this.#matchAt(subject, 0, 1);
    return match === undefined ? '' : subject.slice(match[0] ?? 0, match[1]);
  }

  /** At most `limit` matches, all when it is negative. */
  findAll(bytes: string, limit: number): string[] {
    const subject = new Subject(bytes);
    return this.#all(subject, limit).map(([start = 0, end = 0]) => subject.slice(start, end));
  }

  /** The text between matches, in at most `limit` pieces; undefined (Go's nil) when the limit is 0. */
  split(bytes: string, limit: number): string[] | undefined {
    if (limit === 0) return undefined;
    if (bytes === '' && this.#re2.pattern() !== '') return [''];
    const subject = new Subject(bytes);
    const pieces: string[] = [];
    let from = 0;
    let to = 0;
    for (const [start = 0, end = 0] of this.#all(subject, limit)) {
      if (limit > 0 && pieces.length === limit - 1) break;
      to = start;
      if (end !== 0) pieces.push(subject.slice(from, start));
      from = end;
    }
    if (to !== subject.text.length) pieces.push(subject.slice(from));
    return pieces;
  }

  /** Replaces every match by a template in which `$1`, `$name` and `${name}` stand for groups. */
  replaceAll(bytes: string, template: string): string {
    const pieces = parseTemplate(template);
    const groups = pieces.every((piece) => typeof piece === 'string') ? 1 : this.#re2.groupCount() + 1;
    return this.#replace(bytes, groups, (match, subject) =>
      pieces
        .map((piece) => (typeof piece === 'string' ? piece : this.#groupText(match, subject, piece.group)))
        .join(''),
    );
  }

  replaceAllLiteral(bytes: string, replacement: string): string {
    return this.#replace(bytes, 1, () => replacement);
  }

  #replace(bytes: string, groups: number, replacement: (match: Match, subject: Subject) => string): string {
    const subject = new Subject(bytes);
    let result = '';
    let lastEnd = 0;
    let made = 0;
    for (let at = 0; at <= subject.text.length; ) {
      this.#onSearch(result.length - made);
      made = result.length;
      const match = this.#matchAt(subject, at, groups);
      if (match === undefined) break;
      const [start = 0, end = 0] = match;
      result += subject.slice(lastEnd, start);
      // An empty match right after another one is no match.
      if (end > lastEnd || start === 0) result += replacement(match, subject);
      lastEnd = end;
      at = Math.max(subject.after(at), end);
    }
    return result + subject.slice(lastEnd);
  }

  #all(subject: Subject, limit: number): Match[] {
    const matches: Match[] = [];
    let lastEnd = -1;
    for (let at = 0; at <= subject.text.length && matches.length !== limit; ) {
      this.#onSearch(0);
      const match = this.#matchAt(subject, at, 1);
      if (match === undefined) break;
      const [start = 0, end = 0] = match;
      if (end !== at || start !== lastEnd) matches.push(match);
      at = end === at ? subject.after(at) : end;
      lastEnd = end;
    }
    return matches;
  }

  /** Of groups with the same name, the first that took part in the match. */
  #groupText(match: Match, subject: Subject, group: number | string): string {
    const numbers = typeof group === 'number' ? [group] : (this.#names.get(group) ?? []);
    const number = numbers.find((each) => (match[2 * each] ?? -1) >= 0);
    return number === undefined ? '' : subject.slice(match[2 * number] ?? 0, match[2 * number + 1]);
  }

  /** The leftmost match from `at` on, with the places of `groups` groups, of which the first is the match itself. */
  #matchAt(subject: Subject, at: number, groups: number): Match | undefined {
    const [found, match]: unknown[] = this.#re2
      .re2()
      .matchWithGroup(MatcherInput.utf16(subject.text), at, subject.text.length, 0, groups);
    // The library declares no types here; a match is an array of places.
    return found === true ? (match as Match) : undefined;
  }
}

/** The numbers of the groups by name, in bytes; several groups may share a name. */
type GroupNames = ReadonlyMap<string, readonly number[]>;

function groupNames(re2: RE2JS, originals: ReadonlyMap<string, string>): GroupNames {
  const names = new Map<string, number[]>();
  const inOrder = Object.entries(re2.namedGroups()).toSorted(([, a], [, b]) => a - b);
  for (const [unique, group] of inOrder) {
    const name = encodeUtf8(originals.get(unique) ?? unique);
    names.set(name, [...(names.get(name) ?? []), group]);
  }
  return names;
}

interface Compiled {
  readonly re2: RE2JS;
  readonly originals: ReadonlyMap<string, string>;
}

function compile(bytes: string): Compiled {
  if (!isValidUtf8(bytes)) {
    throw new RegexpError(`error parsing regexp: invalid UTF-8: \`${bytes.slice(firstInvalid(bytes))}\``);
  }
  const pattern = decodeUtf8(bytes);
  const rewritten = renameClasses(pattern);
  try {
    return compileCharacters(rewritten.pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new RegexpError(encodeUtf8(describe(error, pattern, rewritten)), { cause: error });
  }
}

function firstInvalid(bytes: string): number {
  for (const { code, width, at } of runes(bytes)) if (code === runeError && width === 1) return at;
  return bytes.length;
}

function compileCharacters(pattern: string): Compiled {
  try {
    return { re2: RE2JS.compile(pattern), originals: new Map() };
  } catch (error) {
    const isDuplicate = error instanceof RE2JSSyntaxException && error.getDescription().startsWith('duplicate capture');
    if (!isDuplicate) throw error;
    const renamed = renameDuplicates(pattern);
    return { re2: RE2JS.compile(renamed.pattern), originals: renamed.originals };
  }
}

function describe(error: RE2JSException, pattern: string, rewritten: Rewritten): string {
  if (!(error instanceof RE2JSSyntaxException)) return `error parsing regexp: ${error.message}`;
  const description = error.getDescription();
  // Limits on the whole expression are reported with the whole of it.
  const fragment = description.startsWith('expression ') ? pattern : rewritten.restore(error.getPattern() ?? '');
  return `error parsing regexp: ${description}: \`${fragment}\``;
}

/** Escapes what means something in a pattern; all other bytes stay. */
export function quoteMeta(bytes: string): string {
  return bytes.replace(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}
