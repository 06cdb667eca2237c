/** Which styles a scalar may be written in, by libyaml's analysis of its characters. */
import { isBlank, isBlankOrEnd, isBreak } from './cursor.ts';

export interface Analysis {
  readonly multiline: boolean;
  readonly plainAllowed: boolean;
  readonly singleQuotedAllowed: boolean;
  readonly blockAllowed: boolean;
}

/** Analyses `text` for use outside flow collections. */
export function analyze(text: string): Analysis {
  if (text === '') return { multiline: false, plainAllowed: true, singleQuotedAllowed: true, blockAllowed: false };
  const special = hasSpecial(text);
  const edges = isSpaceOrBreak(text.charCodeAt(0)) || isSpaceOrBreak(text.charCodeAt(text.length - 1));
  const spaceBeforeBreak = / [\n\r\x85\u2028\u2029]/.test(text);
  const spaceAfterBreak = /[\n\r\x85\u2028\u2029] /.test(text);
  const multiline = /[\n\r\x85\u2028\u2029]/.test(text);
  return {
    multiline,
    plainAllowed: !edges && !spaceAfterBreak && !spaceBeforeBreak && !special && !multiline && !hasIndicator(text),
    singleQuotedAllowed: !spaceAfterBreak && !spaceBeforeBreak && !special,
    blockAllowed: !text.endsWith(' ') && !spaceBeforeBreak && !special,
  };
}

function isSpaceOrBreak(code: number): boolean {
  return code === 0x20 || isBreak(code);
}

function hasSpecial(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isPrintable(text.charCodeAt(i))) return true;
  return false;
}

/** True for a code unit that is written as it is. Tabs, NEL, byte order marks and astral characters are escaped. */
export function isPrintable(code: number): boolean {
  if (code < 0xa0) return code === 0x0a || (code >= 0x20 && code <= 0x7e);
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe && code !== 0xfeff);
}

/** True when a plain scalar would be read as something else: a mapping, a comment, a quoted scalar, a document mark. */
function hasIndicator(text: string): boolean {
  if (text.startsWith('---') || text.startsWith('...')) return true;
  if ('#,[]{}&*!|>\'"%@`'.includes(text.charAt(0))) return true;
  const blankAfter = (at: number): boolean => at + 1 >= text.length || isBlank(text.charCodeAt(at + 1));
  if ('-?'.includes(text.charAt(0)) && blankAfter(0)) return true;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === ':' && blankAfter(i)) return true;
    if (char === '#' && i > 0 && isBlankOrEnd(text.charCodeAt(i - 1))) return true;
  }
  return false;
}
