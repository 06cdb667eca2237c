/** `--data`: the values that a store would give, as a YAML or JSON map. */
import { isMap, isScalar, type Node, parseDocument } from 'yaml';
import type { SecretMap } from '../../provider/provider.ts';

export class ValuesError extends Error {
  override readonly name = 'ValuesError';
}

/**
 * Scalars are taken as they are written (`0123`, `yes` and `1.50` too), `!!binary` as bytes, null as nothing; lists and
 * maps become JSON, as stores hold them.
 * @throws ValuesError, without quoting any value
 */
export function parseValues(path: string, text: string): SecretMap {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  const line = error === undefined ? 0 : text.slice(0, error.pos[0]).split('\n').length;
  if (error !== undefined) throw new ValuesError(`${path}:${line}: not YAML (${error.code})`);
  if (document.contents === null) return new Map();
  if (!isMap<Node, Node | null>(document.contents)) throw new ValuesError(`${path}: not a map of keys and values`);
  return new Map(document.contents.items.map(({ key, value }) => [textOf(key), Buffer.from(contentOf(value))]));
}

function contentOf(node: Node | null): string | Uint8Array {
  if (node === null) return '';
  if (!isScalar(node)) return JSON.stringify(node.toJSON());
  if (node.value instanceof Uint8Array) return node.value;
  return node.value === null ? '' : textOf(node);
}

function textOf(node: Node): string {
  if (!isScalar(node)) return JSON.stringify(node.toJSON());
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}
