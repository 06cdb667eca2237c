/** Checks a value against a structural schema and words what is wrong as the API server does. */
import type { StructuralSchema } from '../../api/structural.ts';
import { Re2Cache } from '../../lib/re2.ts';
import { CelSyntaxError } from '../cel/error.ts';
import { type CelRule, compileRule } from '../cel/rule.ts';
import { type FieldError, invalidField, requiredField, tooMany, unsupportedValue, wrongType } from '../fielderror.ts';
import { isJsonObject, type JsonObject } from '../object.ts';
import { duplicateErrors } from './duplicates.ts';
import { ownMember } from './prune.ts';
import { ruleErrors, ruleTexts } from './rules.ts';
import { numberErrors, stringErrors } from './scalars.ts';

/** One version's schema with everything of it that is compiled only once. */
export class SchemaValidator {
  readonly #schema: StructuralSchema;
  readonly #rules = new Map<string, CelRule>();
  readonly #patterns = new Re2Cache();
  /** Rules in a part of CEL that is not built: they are not checked. */
  readonly uncheckedRules: readonly string[];

  constructor(schema: StructuralSchema) {
    this.#schema = schema;
    this.uncheckedRules = [...new Set(ruleTexts(schema))].filter((text) => !this.#compile(text));
  }

  /** CEL rules are judged only where the shape is right: they may rely on it. */
  errors(object: JsonObject): readonly FieldError[] {
    const errors = this.#memberErrors(object, this.#schema, '');
    return errors.length > 0 ? errors : ruleErrors(object, this.#schema, '', this.#rules);
  }

  #compile(text: string): boolean {
    try {
      this.#rules.set(text, compileRule(text));
      return true;
    } catch (error) {
      if (error instanceof CelSyntaxError) return false;
      throw error;
    }
  }

  #valueErrors(value: unknown, schema: StructuralSchema, path: string): readonly FieldError[] {
    if (value === null && schema.nullable === true) return [];
    const mistaken = typeError(value, schema, path);
    if (mistaken !== undefined) return [mistaken];
    return [...enumErrors(value, schema, path), ...this.#contentErrors(value, schema, path)];
  }

  #contentErrors(value: unknown, schema: StructuralSchema, path: string): readonly FieldError[] {
    if (typeof value === 'string') return stringErrors(value, schema, path, this.#patterns);
    if (typeof value === 'number') return numberErrors(value, schema, path);
    if (Array.isArray(value)) return this.#listErrors(value, schema, path);
    return isJsonObject(value) ? this.#memberErrors(value, schema, path) : [];
  }

  #listErrors(items: readonly unknown[], schema: StructuralSchema, path: string): readonly FieldError[] {
    const { items: itemSchema } = schema;
    const inside =
      itemSchema === undefined
        ? []
        : items.flatMap((item, index) => this.#valueErrors(item, itemSchema, `${path}[${index}]`));
    return [...lengthErrors(items, schema, path), ...inside, ...duplicateErrors(items, schema, path)];
  }

  #memberErrors(object: JsonObject, schema: StructuralSchema, path: string): readonly FieldError[] {
    const inside = Object.entries(object).flatMap(([name, value]) => {
      const child = ownMember(schema.properties, name) ?? schema.additionalProperties;
      return child === undefined ? [] : this.#valueErrors(value, child, join(path, name));
    });
    return [...missingErrors(object, schema, path), ...countErrors(object, schema, path), ...inside];
  }
}

function typeError(value: unknown, schema: StructuralSchema, path: string): FieldError | undefined {
  const actual = typeName(value);
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (actual === 'string' || actual === 'integer') return undefined;
    return wrongType(path, actual, `${path} in body must be of type integer,string: "${actual}"`);
  }
  if (schema.type === undefined || schema.type === actual) return undefined;
  if (schema.type === 'number' && actual === 'integer') return undefined;
  return wrongType(path, actual, `${path} in body must be of type ${schema.type}: "${actual}"`);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function enumErrors(value: unknown, schema: StructuralSchema, path: string): readonly FieldError[] {
  if (schema.enum === undefined || schema.enum.some((allowed) => allowed === value)) return [];
  return [unsupportedValue(path, value, schema.enum)];
}

function lengthErrors(items: readonly unknown[], schema: StructuralSchema, path: string): readonly FieldError[] {
  const { minItems = 0, maxItems } = schema;
  const few = `${path} in body should have at least ${minItems} items`;
  return [
    ...(maxItems !== undefined && items.length > maxItems ? [tooMany(path, items.length, maxItems)] : []),
    ...(items.length < minItems ? [invalidField(path, items.length, few)] : []),
  ];
}

function missingErrors(object: JsonObject, { required = [] }: StructuralSchema, path: string): readonly FieldError[] {
  return required.filter((name) => !Object.hasOwn(object, name)).map((name) => requiredField(join(path, name)));
}

function countErrors(object: JsonObject, schema: StructuralSchema, path: string): readonly FieldError[] {
  const count = Object.keys(object).length;
  const { minProperties = 0, maxProperties } = schema;
  const few = `${path} in body should have at least ${minProperties} properties`;
  return [
    ...(count < minProperties ? [invalidField(path, count, few)] : []),
    ...(maxProperties !== undefined && count > maxProperties ? [tooMany(path, count, maxProperties)] : []),
  ];
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
