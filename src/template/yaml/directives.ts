/** The tokens around nodes: %YAML and %TAG directives, anchors, aliases and tags. */
import { type Cursor, isBlank, isBlankOrEnd, isBreakOrEnd, isDigit, isWord, type Mark } from './cursor.ts';
import { type Token, token } from './token.ts';

/** Reads a directive line; the cursor is at its `%`. */
export function scanDirective(cursor: Cursor): Token {
  const mark = cursor.mark();
  cursor.skip();
  const name = scanDirectiveName(cursor, mark);
  if (name !== 'YAML' && name !== 'TAG') cursor.fail('found unknown directive name', mark);
  const directive = name === 'YAML' ? scanVersion(cursor, mark) : scanTagDirective(cursor, mark);
  cursor.skipBlanks();
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.code())) cursor.fail('did not find expected comment or line break', mark);
  cursor.takeBreak();
  return directive;
}

function scanDirectiveName(cursor: Cursor, mark: Mark): string {
  const name = cursor.takeWhile(isWord);
  if (name === '') cursor.fail('could not find expected directive name', mark);
  if (!isBlankOrEnd(cursor.code())) cursor.fail('found unexpected non-alphabetical character', mark);
  return name;
}

function scanVersion(cursor: Cursor, mark: Mark): Token {
  cursor.skipBlanks();
  const major = scanVersionNumber(cursor, mark);
  if (cursor.char() !== '.') cursor.fail("did not find expected digit or '.' character", mark);
  cursor.skip();
  return token('versionDirective', mark, `${major}.${scanVersionNumber(cursor, mark)}`);
}

function scanVersionNumber(cursor: Cursor, mark: Mark): number {
  let digits = '';
  while (isDigit(cursor.code())) {
    if (digits.length === 2) cursor.fail('found extremely long version number', mark);
    digits += cursor.take();
  }
  if (digits === '') cursor.fail('did not find expected version number', mark);
  return Number(digits);
}

function scanTagDirective(cursor: Cursor, mark: Mark): Token {
  cursor.skipBlanks();
  const handle = scanTagHandle(cursor, true, mark);
  if (!isBlank(cursor.code())) cursor.fail('did not find expected whitespace', mark);
  cursor.skipBlanks();
  const prefix = scanTagUri(cursor, '', mark);
  if (!isBlankOrEnd(cursor.code())) cursor.fail('did not find expected whitespace or line break', mark);
  return token('tagDirective', mark, handle, prefix);
}

/** Reads `&name` or `*name`; the cursor is at the sign. */
export function scanAnchor(cursor: Cursor, kind: 'anchor' | 'alias'): Token {
  const mark = cursor.mark();
  cursor.skip();
  const name = cursor.takeWhile(isWord);
  const ended = isBlankOrEnd(cursor.code()) || '?:,]}%@`'.includes(cursor.char());
  if (name === '' || !ended) cursor.fail('did not find expected alphabetic or numeric character', mark);
  return token(kind, mark, name);
}

/** Reads `!<uri>`, `!handle!suffix`, `!suffix` or `!`; the cursor is at the `!`. */
export function scanTag(cursor: Cursor): Token {
  const mark = cursor.mark();
  const { handle, suffix } = cursor.startsWith('!<') ? scanVerbatimTag(cursor, mark) : scanShorthandTag(cursor, mark);
  if (!isBlankOrEnd(cursor.code())) cursor.fail('did not find expected whitespace or line break', mark);
  return token('tag', mark, handle, suffix);
}

interface TagParts {
  readonly handle: string;
  readonly suffix: string;
}

function scanVerbatimTag(cursor: Cursor, mark: Mark): TagParts {
  cursor.skip(2);
  const suffix = scanTagUri(cursor, '', mark);
  if (cursor.char() !== '>') cursor.fail("did not find the expected '>'", mark);
  cursor.skip();
  return { handle: '', suffix };
}

function scanShorthandTag(cursor: Cursor, mark: Mark): TagParts {
  const handle = scanTagHandle(cursor, false, mark);
  if (handle.length > 1 && handle.endsWith('!')) return { handle, suffix: scanTagUri(cursor, '', mark) };
  // What looked like a handle is the start of the suffix; a lone `!` is itself the tag.
  const suffix = scanTagUri(cursor, handle, mark);
  return suffix === '' ? { handle: '', suffix: '!' } : { handle: '!', suffix };
}

function scanTagHandle(cursor: Cursor, directive: boolean, mark: Mark): string {
  if (cursor.char() !== '!') cursor.fail("did not find expected '!'", mark);
  const handle = cursor.take() + cursor.takeWhile(isWord);
  if (cursor.char() === '!') return handle + cursor.take();
  if (directive && handle !== '!') cursor.fail("did not find expected '!'", mark);
  return handle;
}

/** Reads the characters of a URI after those already read as `head`, whose `!` is no part of it. */
function scanTagUri(cursor: Cursor, head: string, mark: Mark): string {
  let uri = head.slice(1);
  let found = head !== '';
  while (isWord(cursor.code()) || (cursor.code() !== 0 && ";/?:@&=+$,.!~*'()[]%".includes(cursor.char()))) {
    uri += cursor.char() === '%' ? scanUriEscape(cursor, mark) : cursor.take();
    found = true;
  }
  if (!found) cursor.fail('did not find expected tag URI', mark);
  return uri;
}

/** Reads the `%xx` octets of one character. */
function scanUriEscape(cursor: Cursor, mark: Mark): string {
  const octets: number[] = [];
  let width = 1;
  while (octets.length < width) {
    const escape = cursor.char() + cursor.char(1) + cursor.char(2);
    if (!/^%[0-9A-Fa-f]{2}$/.test(escape)) cursor.fail('did not find URI escaped octet', mark);
    const octet = Number.parseInt(escape.slice(1), 16);
    if (octets.length === 0) {
      width = octetWidth(octet);
      if (width === 0) cursor.fail('found an incorrect leading UTF-8 octet', mark);
    } else if ((octet & 0xc0) !== 0x80) cursor.fail('found an incorrect trailing UTF-8 octet', mark);
    octets.push(octet);
    cursor.skip(3);
  }
  return Buffer.from(octets).toString('utf8');
}

function octetWidth(octet: number): number {
  if (octet < 0x80) return 1;
  if (octet >> 5 === 0b110) return 2;
  if (octet >> 4 === 0b1110) return 3;
  return octet >> 3 === 0b11110 ? 4 : 0;
}
