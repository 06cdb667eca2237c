/** Ties key rewriting to the template engine: a `transform` sees the key as `.value`. */
import type { Rewrite } from '../../api/rewrite.ts';
import type { SecretMap } from '../../provider/provider.ts';
import type { TemplateEngine } from './render.ts';
import { rewriteKeys } from './rewrite.ts';

/** Takes note of values that must not appear in any message. */
export type Redact = (values: Iterable<Uint8Array>) => void;

/** @param engine may be absent when no operation is a `transform` */
export function rewriteWith(
  engine: TemplateEngine | undefined,
  operations: readonly Rewrite[],
  secrets: SecretMap,
): SecretMap {
  if (operations.length === 0) return secrets;
  return rewriteKeys(operations, secrets, (template, key) => {
    if (engine === undefined) throw new Error('a transform came where none was expected');
    const rendered = engine.render(template, new Map([['value', Buffer.from(key)]]), 'transform');
    return Buffer.from(rendered).toString();
  });
}
