/** Label and field selectors, from their text to a judgement. */
import { badRequest } from './status.ts';

type Labels = Readonly<Record<string, string>>;
export type LabelTest = (labels: Labels) => boolean;

const requirement =
  /^\s*(?:(?<absent>!)\s*)?(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)\s*(?:(?<set>in|notin)\s*\((?<values>[^()]*)\)|(?<operator>==|=|!=|>|<)\s*(?<value>[-A-Za-z0-9_.]*))?\s*$/;

/** @throws StatusError 400 */
export function labelTest(selector: string): LabelTest {
  if (selector.trim() === '') return () => true;
  const tests = splitOutsideParentheses(selector).map(requirementTest);
  return (labels) => tests.every((test) => test(labels));
}

function requirementTest(text: string): LabelTest {
  const groups = requirement.exec(text)?.groups;
  const key = groups?.['key'];
  if (groups === undefined || key === undefined) throw badRequest(`unable to parse requirement: ${text.trim()}`);
  const { absent, set, values = '', operator, value = '' } = groups;
  const labelOf = (labels: Labels): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  if (set !== undefined) {
    const list = values.split(',').map((each) => each.trim());
    return (labels) => list.includes(labelOf(labels) ?? '\0') === (set === 'in');
  }
  if (operator === undefined) return (labels) => (labelOf(labels) === undefined) === (absent !== undefined);
  return (labels) => meets(labelOf(labels), operator, value);
}

function meets(label: string | undefined, operator: string, value: string): boolean {
  switch (operator) {
    case '!=':
      return label !== value;
    case '>':
      return label !== undefined && Number(label) > Number(value);
    case '<':
      return label !== undefined && Number(label) < Number(value);
    default:
      return label === value;
  }
}

function splitOutsideParentheses(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/);
}

/** One comparison of a field selector. */
export interface FieldRequirement {
  readonly field: string;
  readonly isEqual: boolean;
  readonly value: string;
}

/** @throws StatusError 400 */
export function fieldRequirements(selector: string): readonly FieldRequirement[] {
  return selector
    .split(/(?<!\\),/)
    .filter((term) => term.trim() !== '')
    .map((term) => {
      const [, field, operator, value] = /^([^=!]+?)(==|!=|=)(.*)$/.exec(term) ?? [];
      if (field === undefined || value === undefined) throw badRequest(`invalid field selector: ${term}`);
      return { field: field.trim(), isEqual: operator !== '!=', value: value.replace(/\\([\\,=])/g, '$1') };
    });
}
