/** What a rendered text becomes where a target holds more than text: numbers, booleans, lists and maps by YAML. Pure. */
import { parseYaml } from '../../../template/yaml/index.ts';
import { type Tree, withoutNulls } from './tree.ts';

/** The text cannot be written as it was meant. The message never quotes it. */
export class LeafError extends Error {
  override readonly name = 'LeafError';
}

/** @throws LeafError for bytes that are no text */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new LeafError('the value is not UTF-8 text, and nothing but a Secret holds other bytes');
  }
}

/**
 * One rendered value. Text that is no YAML, or that YAML would read as plain text, stays as it is: YAML would fold the
 * lines of a certificate and take a `#` in a password for a comment. Null: leave the field out.
 */
export function parseLeaf(text: string): Tree {
  const parsed = parseLoosely(text);
  if (parsed === null) return nullWords.has(text.trim()) ? null : plain(text);
  if (typeof parsed === 'string') return isQuoted.test(text) ? parsed : plain(text);
  // A number of so many digits is a name.
  if (typeof parsed === 'number') return isInexact(parsed) ? plain(text) : parsed;
  return exact(withoutNulls(parsed));
}

/** A rendered document of keys and values. @throws LeafError, YamlError or ConversionError */
export function parseDocument(text: string): Tree {
  return exact(withoutNulls(parseYaml(byteString(text))));
}

const nullWords = new Set(['null', 'Null', 'NULL', '~']);
const isQuoted = /^\s*(?:["']|!!|[|>][^\n]*\n)/;

/** The line break behind a single line belongs to the template. */
function plain(text: string): string {
  return /\n[^]*\S/.test(text.trimStart()) ? text : text.trim();
}

function parseLoosely(text: string): Tree {
  try {
    return parseYaml(byteString(text));
  } catch {
    return text;
  }
}

function byteString(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Whole numbers over 2⁵³ would lose digits. @throws LeafError */
function exact(tree: Tree): Tree {
  if (typeof tree === 'number' && isInexact(tree)) {
    throw new LeafError('a whole number over 2⁵³ cannot be kept exactly: write it in quotes');
  }
  if (tree instanceof Map || Array.isArray(tree)) for (const member of tree.values()) exact(member);
  return tree;
}

function isInexact(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 2 ** 64;
}
