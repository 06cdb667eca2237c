/** Refuses templates that Handlebars would take too long to compile: its time grows with the square of both numbers. */

const maxTags = 2_000;
const maxDepth = 100;

/** Opening, continuing and closing tags of blocks, and all others. */
const tag = /\{\{+~?(?:(?<open>[#^](?!\s*~?\}))|(?<else>else\s+[^\s~}])|(?<close>\/))?/g;

/** What is too much; undefined when nothing is. Reads the text alone, before it is parsed. */
export function excessOf(text: string): string | undefined {
  const depths: number[] = [0];
  let tags = 0;
  for (const { groups = {} } of text.matchAll(tag)) {
    tags += 1;
    const depth = depths.at(-1) ?? 0;
    if (groups['open'] !== undefined) depths.push(depth + 1);
    // `else if` nests one block more, which ends with the one that it belongs to.
    else if (groups['else'] !== undefined) depths[depths.length - 1] = depth + 1;
    else if (groups['close'] !== undefined && depths.length > 1) depths.pop();
    if (depth > maxDepth) return `blocks are nested more than ${maxDepth} levels deep`;
    if (tags > maxTags) return `there are more than ${maxTags} tags`;
  }
  return undefined;
}
