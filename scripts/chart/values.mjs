// Reads values.yaml with the descriptions that stand above its lines.
import { parseDocument } from 'yaml';

/**
 * All values in the order of the file, parents before children.
 * @param {string} text
 * @returns {{path: readonly string[], value: unknown, description: string}[]}
 */
export function describedValues(text) {
  return membersOf(parseDocument(text).contents, []);
}

function membersOf(map, parents) {
  return map.items.flatMap(({ key, value }, index) => {
    const path = [...parents, key.value];
    // A comment above the first member of a map belongs to the map.
    const comment = key.commentBefore ?? (index === 0 ? map.commentBefore : undefined) ?? '';
    const children = value.items?.length > 0 && value.items[0].key !== undefined ? membersOf(value, path) : [];
    return [{ path, value: value.toJSON(), description: descriptionOf(comment) }, ...children];
  });
}

function descriptionOf(comment) {
  const lines = comment.split('\n').filter((line) => line.startsWith(' -- '));
  return lines.map((line) => line.slice(4)).join(' ');
}
