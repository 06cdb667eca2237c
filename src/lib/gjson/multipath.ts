/** gjson's multipaths: `[path,path]` and `{name:path,path}`, which make a new array or object of what they find. */
import { isValid, type Lookup, quoteByteString } from './modifiers.ts';
import type { Value } from './scan.ts';

interface Selector {
  readonly name: string;
  readonly path: string;
}

/** What a multipath made, and the path behind it. Undefined: this is no complete multipath. */
export function multipath(
  json: string,
  path: string,
  lookup: Lookup,
): { readonly made: Value; readonly rest: string } | undefined {
  const parsed = parseSelectors(path);
  if (parsed === undefined || !/^(?:$|[|.])/.test(parsed.rest)) return undefined;
  const isMap = path.startsWith('{');
  const parts: string[] = [];
  for (const selector of parsed.selectors) {
    const found = lookup(json, selector.path);
    if (found !== undefined) parts.push(isMap ? `${nameOf(selector)}:${found.raw || 'null'}` : found.raw || 'null');
  }
  const raw = isMap ? `{${parts.join(',')}}` : `[${parts.join(',')}]`;
  return { made: { type: 'json', raw }, rest: parsed.rest };
}

/** The given name, else the last component of the path, else `_`. */
function nameOf({ name, path }: Selector): string {
  if (name !== '') return name.startsWith('"') && isValid(name) ? name : quoteByteString(name);
  const last = /(?:^|[^\\][|.]|^[|.])((?:\\[|.]|[^|.])*)$/.exec(path)?.[1] ?? path;
  // oxlint-disable-next-line no-control-regex -- gjson calls no member by a name with one
  return quoteByteString(/[\0-\x1f[\]{}()#|!]/.test(last) ? '_' : last);
}

function parseSelectors(path: string): { readonly selectors: readonly Selector[]; readonly rest: string } | undefined {
  const selectors: Selector[] = [];
  let depth = 1;
  let start = 1;
  let colon: number | undefined;
  let sawModifier = false;
  const push = (end: number): void => {
    const name = colon === undefined ? '' : path.slice(start, colon);
    selectors.push({ name, path: path.slice(colon === undefined ? start : colon + 1, end) });
    [start, colon, sawModifier] = [end + 1, undefined, false];
  };
  for (let at = 1; at < path.length; at += 1) {
    const character = path.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '"') at = closingQuote(path, at);
    else if (character === '@') sawModifier ||= /[.|]/.test(path.charAt(at - 1));
    else if (character === ':' && !sawModifier && depth === 1) colon ??= at;
    else if (character === ',' && depth === 1) push(at);
    else if ('[({'.includes(character)) depth += 1;
    else if ('])}'.includes(character)) {
      depth -= 1;
      if (depth > 0) continue;
      push(at);
      return { selectors, rest: path.slice(at + 1) };
    }
  }
  return undefined;
}

function closingQuote(path: string, start: number): number {
  for (let at = start + 1; at < path.length; at += 1) {
    if (path[at] === '\\') at += 1;
    else if (path[at] === '"') return at;
  }
  return path.length;
}
