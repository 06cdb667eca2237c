/** From a place in a template to the line and column of the manifest that the template stands in. */
import { isPair, isScalar, type ParsedNode, type Scalar, visit } from 'yaml';
import type { ManifestDocument } from './documents.ts';

/** A line and column, both from 1, of a file. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export interface TextPosition {
  /** From 1. */
  readonly line: number;
  /** In bytes from 0; absent: the beginning of the line. */
  readonly column?: number | undefined;
}

/** The scalar that a template was read from: the one under its own key, if there are several of the same text. */
export function scalarOf({ document }: ManifestDocument, text: string, key: string): Scalar.Parsed | undefined {
  const found: { readonly scalar: Scalar.Parsed; readonly isUnderKey: boolean }[] = [];
  visit(document, {
    Scalar(role, node, path) {
      if (role === 'key' || node.value !== text || !isParsed(node)) return;
      const pair = path.at(-1);
      found.push({ scalar: node, isUnderKey: isPair(pair) && isScalar(pair.key) && pair.key.value === key });
    },
  });
  return (found.find(({ isUnderKey }) => isUnderKey) ?? found[0])?.scalar;
}

function isParsed(node: Scalar): node is Scalar.Parsed {
  return node.range !== null && node.range !== undefined;
}

/** Where a node begins. */
export function placeOfNode({ path, lines }: ManifestDocument, node: Pick<ParsedNode, 'range'>): Place {
  const { line, col } = lines.linePos(node.range[0]);
  return { path, line, column: col };
}

/**
 * Where a position in a scalar's text stands in the file. Exact for literal blocks and for text that stands in one line
 * without escapes; of all others, the beginning.
 */
export function placeInScalar(source: ManifestDocument, scalar: Scalar.Parsed, position: TextPosition): Place {
  const text = String(scalar.value);
  const column = charactersBefore(text, position);
  if (scalar.type === 'BLOCK_LITERAL') return placeInBlock(source, scalar, position.line, column);
  const start = placeOfNode(source, scalar);
  const quote = scalar.type === 'PLAIN' ? 0 : 1;
  const written = source.text.slice(scalar.range[0] + quote, scalar.range[0] + quote + text.length);
  return written === text && position.line === 1 ? { ...start, column: start.column + quote + column } : start;
}

/** The lines of a literal block stand under its header, all indented by as much. */
function placeInBlock(source: ManifestDocument, scalar: Scalar.Parsed, line: number, column: number): Place {
  const { path, line: header } = placeOfNode(source, scalar);
  const wanted = String(scalar.value).split('\n')[line - 1] ?? '';
  const written = source.text.split('\n')[header + line - 1] ?? '';
  const indentation = Math.max(written.indexOf(wanted), 0);
  return { path, line: header + line, column: indentation + column + 1 };
}

/** Columns of templates count bytes. */
function charactersBefore(text: string, { line, column = 0 }: TextPosition): number {
  const bytes = Buffer.from(text.split('\n')[line - 1] ?? '');
  return bytes.subarray(0, column).toString().length;
}
