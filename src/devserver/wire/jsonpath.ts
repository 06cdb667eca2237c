/** The JSON paths of printer columns: members, indexes, and filters that compare a member with a text. */

type Step = (value: unknown) => readonly unknown[];

const step =
  /\.?(?:(?<name>(?:[^.[\]\\]|\\.)+)|\[(?<index>\d+)\]|\['(?<quoted>[^']*)'\]|\[\*\](?<all>)|\[\?\(@\.(?<member>[\w.-]+)\s*==\s*["'](?<text>[^"']*)["']\)\])/y;

/** @returns finds the first match; undefined when there is none or the path is of another form */
export function compileJsonPath(path: string): (value: unknown) => unknown {
  const steps = stepsOf(path);
  return (value) => steps.reduce<readonly unknown[]>((found, next) => found.flatMap(next), [value])[0];
}

function stepsOf(path: string): readonly Step[] {
  const steps: Step[] = [];
  step.lastIndex = 0;
  for (let end = 0; end < path.length; end = step.lastIndex) {
    const groups = step.exec(path)?.groups;
    if (groups === undefined) return [() => []];
    steps.push(stepOf(groups));
  }
  return steps;
}

function stepOf(groups: Readonly<Record<string, string | undefined>>): Step {
  const { name, index, quoted, all, member, text } = groups;
  const property = name?.replace(/\\(.)/g, '$1') ?? quoted;
  if (property !== undefined) return (value) => memberOf(value, property);
  if (index !== undefined)
    return (value) => (Array.isArray(value) ? value.slice(Number(index), Number(index) + 1) : []);
  if (all !== undefined) return (value) => (Array.isArray(value) ? value : []);
  return (value) => (Array.isArray(value) ? value.filter((item) => memberOf(item, member ?? '')[0] === text) : []);
}

function memberOf(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  // Its own member, so it is there.
  return [(value as Readonly<Record<string, unknown>>)[name]];
}
