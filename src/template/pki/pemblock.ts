/** PEM as Go's encoding/pem reads and writes it; texts are byte strings. */
import { decodeBase64 } from '../encoding/base64.ts';

export interface PemBlock {
  readonly type: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Buffer;
}

const beginMark = '-----BEGIN ';
const endMark = '\n-----END ';
const lineEnd = '-----';
const lineLength = 64;
const firstHeader = 'Proc-Type';

/** The first block and the text after it; undefined when there is none. A malformed block is passed over. */
export function decodePem(text: string): { readonly block: PemBlock; readonly rest: string } | undefined {
  for (let from = 0; ; ) {
    const end = text.indexOf(endMark, from);
    if (end < 0) return undefined;
    const after = end + endMark.length;
    const begin = text.lastIndexOf(beginMark, end - beginMark.length);
    // The block begins a line, or the text that is left.
    if (begin === from || (begin > from && text[begin - 1] === '\n')) {
      const found = readBlock(text, begin, end);
      if (found === 'unfinished') return undefined;
      if (found !== undefined) return found;
    }
    from = after;
  }
}

/** All blocks in order, and what no block claims at the end. */
export function decodeAllPem(text: string): { readonly blocks: PemBlock[]; readonly rest: string } {
  const blocks: PemBlock[] = [];
  let rest = text;
  for (let found = decodePem(rest); found !== undefined; found = decodePem(rest)) {
    blocks.push(found.block);
    rest = found.rest;
  }
  return { blocks, rest };
}

/** `end` is where the END line's mark (with its line feed) stands. "unfinished" ends the search, as in Go. */
function readBlock(
  text: string,
  begin: number,
  end: number,
): { block: PemBlock; rest: string } | 'unfinished' | undefined {
  const typeLine = lineAt(text, begin + beginMark.length);
  if (!typeLine.text.endsWith(lineEnd)) return undefined;
  const type = typeLine.text.slice(0, -lineEnd.length);
  const head = readHeaders(text, typeLine.next);
  const after = end + endMark.length;
  if (head === undefined || head.next > after) return 'unfinished';
  if (head.headers.size > 0 && end < head.next) return undefined;
  const trailer = type + lineEnd;
  const restOfLine = lineAt(text, after + trailer.length);
  if (!text.startsWith(trailer, after) || restOfLine.text !== '') return undefined;
  const body = decodeBase64(text.slice(head.next, Math.max(head.next, end)).replace(/[ \t]/g, ''));
  if (!body.ok) return undefined;
  const block = { type, headers: head.headers, bytes: Buffer.from(body.bytes, 'latin1') };
  return { block, rest: text.slice(restOfLine.next) };
}

/** Lines with a colon; undefined when the text ends in them. */
function readHeaders(text: string, from: number): { headers: Map<string, string>; next: number } | undefined {
  const headers = new Map<string, string>();
  for (let next = from; next < text.length; ) {
    const line = lineAt(text, next);
    const colon = line.text.indexOf(':');
    if (colon < 0) return { headers, next };
    headers.set(line.text.slice(0, colon).trim(), line.text.slice(colon + 1).trim());
    next = line.next;
  }
  return undefined;
}

/** The line from `from` on without its end and trailing blanks, and where the next begins. */
function lineAt(text: string, from: number): { text: string; next: number } {
  const feed = text.indexOf('\n', from);
  const end = feed < 0 ? text.length : feed;
  const line = text.slice(from, end > from && text[end - 1] === '\r' && feed >= 0 ? end - 1 : end);
  return { text: line.replace(/[ \t]+$/, ''), next: feed < 0 ? text.length : feed + 1 };
}

/** Writes one block with lines of 64 characters; a header's name must not hold a colon. */
export function encodePem(type: string, bytes: Uint8Array, headers: ReadonlyMap<string, string> = new Map()): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  const body = [...headerLines(headers), ...lines].map((line) => `${line}\n`).join('');
  return `${beginMark}${type}${lineEnd}\n${body}${endMark.slice(1)}${type}${lineEnd}\n`;
}

/** Sorted by name, but for Proc-Type, which RFC 1421 wants first; then an empty line. */
function headerLines(headers: ReadonlyMap<string, string>): string[] {
  if (headers.size === 0) return [];
  const names = [...headers.keys()].filter((name) => name !== firstHeader).sort();
  const ordered = headers.has(firstHeader) ? [firstHeader, ...names] : names;
  return [...ordered.map((name) => `${name}: ${headers.get(name)}`), ''];
}
