/** The tokens that the scanner hands to the parser. */
import type { Mark } from './cursor.ts';

export type TokenKind =
  | 'streamEnd'
  | 'versionDirective'
  | 'tagDirective'
  | 'documentStart'
  | 'documentEnd'
  | 'blockSequenceStart'
  | 'blockMappingStart'
  | 'blockEnd'
  | 'flowSequenceStart'
  | 'flowSequenceEnd'
  | 'flowMappingStart'
  | 'flowMappingEnd'
  | 'blockEntry'
  | 'flowEntry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  readonly kind: TokenKind;
  readonly mark: Mark;
  /** A scalar's text, an anchor's or alias's name, a tag's handle, or `major.minor` of a version directive. */
  readonly value: string;
  /** A tag's suffix, or the prefix that a %TAG directive gives its handle. */
  readonly suffix: string;
  /** True for a scalar without quotes and block indicators: only these are resolved to numbers, booleans and null. */
  readonly plain: boolean;
}

export function token(kind: TokenKind, mark: Mark, value = '', suffix = '', plain = false): Token {
  return { kind, mark, value, suffix, plain };
}
