/** Takes the next component off a gjson path; what a path means depends on whether it meets an object or an array. */
import { modifierNames } from './modifiers.ts';
import { parseQuery, type Query } from './query.ts';

/** What follows a component: the rest of the path within its value, or a pipe, which starts anew with the result. */
export interface Continuation {
  readonly rest?: string;
  readonly pipe?: string;
}

export interface ObjectStep extends Continuation {
  readonly part: string;
  /** `part` holds `*` or `?`. */
  readonly isPattern: boolean;
}

export function objectStep(path: string): ObjectStep {
  let part = '';
  let isPattern = false;
  for (let at = 0; at < path.length; at += 1) {
    const character = path.charAt(at);
    if (character === '|') return { part, isPattern, pipe: path.slice(at + 1) };
    if (character === '.') return { part, isPattern, ...afterDot(path.slice(at + 1)) };
    if (character === '\\') {
      at += 1;
      part += path.charAt(at);
    } else {
      isPattern ||= character === '*' || character === '?';
      part += character;
    }
  }
  return { part, isPattern };
}

/** A dot before a modifier or a multipath is a pipe. */
function afterDot(rest: string): Continuation {
  return startsPiped(rest) ? { pipe: rest } : { rest };
}

function startsPiped(rest: string): boolean {
  if (rest.startsWith('[') || rest.startsWith('{')) return true;
  const name = /^@([^.|:]*)/.exec(rest)?.[1];
  return name !== undefined && modifierNames.has(name);
}

export interface ArrayStep extends Continuation {
  readonly part: string;
  /** A component with `#`: a count, a projection or a query. */
  readonly isHash: boolean;
  /** The path that `#.path` applies to each element. */
  readonly each?: string;
  readonly query?: Query;
}

export function arrayStep(path: string): ArrayStep {
  const start = path.startsWith('#') ? hashStart(path) : { at: 0 };
  const { at: from, ...hash } = start;
  let isHash = from > 0;
  for (let at = from; at < path.length; at += 1) {
    const character = path.charAt(at);
    const part = path.slice(0, at);
    if (character === '|') return { part, isHash, ...hash, pipe: path.slice(at + 1) };
    if (character === '.') {
      const rest = path.slice(at + 1);
      return { part, isHash, ...hash, ...(isHash ? { rest } : afterDot(rest)) };
    }
    isHash ||= character === '#';
  }
  return { part: path, isHash, ...hash };
}

/** Where to go on behind a leading `#` and its query. */
function hashStart(path: string): { readonly at: number; readonly each?: string; readonly query?: Query } {
  if (path.startsWith('#.')) return { at: 1, each: path.slice(2) };
  if (!path.startsWith('#(') && !path.startsWith('#[')) return { at: 1 };
  const { query, end } = parseQuery(path);
  return { at: end, query };
}

/**
 * Splits a path at its first pipe that is not inside a query, which then applies to the collected results.
 * A path that begins with `{…}` is not split: gjson applies it whole to each element.
 */
export function splitAtPipe(path: string): { readonly left: string; readonly right: string } | undefined {
  if (!path.includes('|') || path.startsWith('{')) return undefined;
  for (let at = 0; at < path.length; at += 1) {
    if (path[at] === '\\') at += 1;
    else if (path[at] === '|') return { left: path.slice(0, at), right: path.slice(at + 1) };
    else if (/^\.#[[(]/.test(path.slice(at, at + 3))) at = balancedEnd(path, at + 2) - 1;
  }
  return undefined;
}

/** Behind the bracket that closes the one at `start`; strings and escaped characters are stepped over. */
export function balancedEnd(path: string, start: number): number {
  let depth = 0;
  for (let at = start; at < path.length; at += 1) {
    const character = path.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '"') at = quotedEnd(path, at) - 1;
    else if ('[({'.includes(character)) depth += 1;
    else if ('])}'.includes(character)) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return path.length;
}

function quotedEnd(path: string, start: number): number {
  for (let at = start + 1; at < path.length; at += 1) {
    if (path[at] === '\\') at += 1;
    else if (path[at] === '"') return at + 1;
  }
  return path.length;
}
