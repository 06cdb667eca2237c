/** Lists that are sets, or maps by some of their items' members, hold each thing once. */
import type { StructuralSchema } from '../../api/structural.ts';
import { duplicate, type FieldError } from '../fielderror.ts';
import { membersOf } from '../object.ts';

export function duplicateErrors(
  items: readonly unknown[],
  schema: StructuralSchema,
  path: string,
): readonly FieldError[] {
  const identity = identityOf(schema);
  if (identity === undefined) return [];
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const value = identity(item);
    const text = JSON.stringify(value);
    if (seen.has(text)) return [duplicate(`${path}[${index}]`, value)];
    seen.add(text);
    return [];
  });
}

function identityOf(schema: StructuralSchema): ((item: unknown) => unknown) | undefined {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return (item) => item;
    case 'map':
      return (item) => Object.fromEntries(keys.map((key) => [key, membersOf(item)[key]]));
    default:
      return undefined;
  }
}
