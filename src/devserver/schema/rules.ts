/** The CEL rules of a schema. */
import { mapChildren, type StructuralSchema } from '../../api/structural.ts';
import type { CelRule } from '../cel/rule.ts';
import { type FieldError, invalidField } from '../fielderror.ts';
import { isJsonObject } from '../object.ts';
import { ownMember } from './prune.ts';

export function ruleErrors(
  value: unknown,
  schema: StructuralSchema,
  path: string,
  rules: ReadonlyMap<string, CelRule>,
): readonly FieldError[] {
  if (rules.size === 0) return [];
  return [...ownRuleErrors(value, schema, path, rules), ...innerRuleErrors(value, schema, path, rules)];
}

/** The texts of all rules in a schema. */
export function ruleTexts(schema: StructuralSchema): readonly string[] {
  const texts = (schema['x-kubernetes-validations'] ?? []).map(({ rule }) => rule);
  mapChildren(schema, (child) => {
    texts.push(...ruleTexts(child));
    return child;
  });
  return texts;
}

function ownRuleErrors(
  value: unknown,
  schema: StructuralSchema,
  path: string,
  rules: ReadonlyMap<string, CelRule>,
): readonly FieldError[] {
  return (schema['x-kubernetes-validations'] ?? [])
    .filter(({ rule }) => rules.get(rule)?.(value) === false)
    .map(({ rule, message }) => invalidField(path, shownAs(value), message ?? `failed rule: ${rule}`));
}

function innerRuleErrors(
  value: unknown,
  schema: StructuralSchema,
  path: string,
  rules: ReadonlyMap<string, CelRule>,
): readonly FieldError[] {
  const { items, properties, additionalProperties } = schema;
  if (Array.isArray(value)) {
    if (items === undefined) return [];
    return value.flatMap((item, index) => ruleErrors(item, items, `${path}[${index}]`, rules));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const child = ownMember(properties, name) ?? additionalProperties;
    return child === undefined ? [] : ruleErrors(member, child, path === '' ? name : `${path}.${name}`, rules);
  });
}

/** Objects and lists are not repeated in messages. */
function shownAs(value: unknown): unknown {
  if (Array.isArray(value)) return 'array';
  return isJsonObject(value) ? 'object' : value;
}
