/** Kubernetes' structural schemas: the part of JSON schema that a CRD may hold, made from zod. */
import { z } from 'zod';

/** As CRDs hold it. */
export interface StructuralSchema {
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly enum?: readonly (string | number | boolean)[];
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly required?: readonly string[];
  readonly items?: StructuralSchema;
  readonly additionalProperties?: StructuralSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

export interface ValidationRule {
  /** In CEL. */
  readonly rule: string;
  readonly message?: string;
}

/**
 * What the API server is to check, default and keep of a type that is written in the dialect.
 * @throws Error when the type says something that structural schemas cannot hold
 */
export function structuralSchema(type: z.ZodType): StructuralSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(type, {
    target: 'openapi-3.0',
    io: 'input',
    reused: 'inline',
    cycles: 'throw',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => dropForeignKeywords(jsonSchema),
  });
  return structural(schema, []);
}

/** zod's own additions that say nothing to the API server. */
function dropForeignKeywords(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (isEmpty(schema.additionalProperties)) delete schema.additionalProperties;
  // The API server drops it when it stores a CRD; left in, every comparison with the file would find a difference.
  if (isEmpty(schema.properties)) delete schema.properties;
}

function isEmpty(value: unknown): boolean {
  return value === false || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

/** In the order in which they are written. */
const keywords = [
  'description',
  'type',
  'format',
  'enum',
  'default',
  'nullable',
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
  'required',
  'properties',
  'items',
  'additionalProperties',
] as const satisfies readonly (keyof StructuralSchema)[];

/** Orders the keywords of a schema and says early, and with the path, what the API server would refuse. */
function structural(schema: Readonly<Record<string, unknown>>, path: readonly string[]): StructuralSchema {
  const place = path.join('.') || 'the schema';
  const foreign = Object.keys(schema).filter((keyword) => !keywords.some((known) => known === keyword));
  if (foreign.length > 0) throw new Error(`${place}: structural schemas have no ${foreign.join(', ')}`);
  // Every keyword of it is known now.
  const ordered: StructuralSchema = Object.fromEntries(
    keywords.flatMap((keyword) => (schema[keyword] === undefined ? [] : [[keyword, schema[keyword]]])),
  );
  if (ordered.type === undefined && !hasNoType(ordered)) throw new Error(`${place}: structural schemas need a type`);
  return mapChildren(ordered, (child, segment) => structural({ ...child }, [...path, segment]));
}

function hasNoType(schema: StructuralSchema): boolean {
  return schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
}

/** The same schema with each schema inside of it replaced; they are told apart by a property's name, `[]` or `{}`. */
export function mapChildren(
  schema: StructuralSchema,
  replace: (child: StructuralSchema, segment: string) => StructuralSchema,
): StructuralSchema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, child]) => [name, replace(child, name)] as const),
      ),
    }),
    ...(items && { items: replace(items, '[]') }),
    ...(additionalProperties && { additionalProperties: replace(additionalProperties, '{}') }),
  };
}

/** A type whose schema is given as it is; offline checks only see that there is an object. */
export function fromStructural(schema: StructuralSchema): z.ZodType {
  return z.looseObject({}).meta({ ...schema });
}
