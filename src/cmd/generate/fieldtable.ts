/** Fields as a Markdown table. */
import { Condition } from '../../api/conditions.ts';
import { LabelSelector } from '../../api/labelselector.ts';
import { CAProvider, GeneratorRef, SecretKeySelector, SecretStoreRef, ServiceAccountSelector } from '../../api/refs.ts';
import { RemoteRef } from '../../api/remoteref.ts';
import { mapChildren, type StructuralSchema, structuralSchema } from '../../api/structural.ts';
import { Template } from '../../api/template.ts';

/** Names of shapes that are not spelled out again, by their fingerprint. */
export type NamedShapes = ReadonlyMap<string, string>;

/** Shapes that occur in many places. */
const shapeTypes = {
  SecretStoreRef,
  GeneratorRef,
  RemoteRef,
  Template,
  SecretKeySelector,
  ServiceAccountSelector,
  CAProvider,
  LabelSelector,
  Condition,
} as const;

/** A table for each shape that is called by its name elsewhere. */
export function shapeTables(): readonly (readonly [string, string])[] {
  return Object.entries(shapeTypes).map(([name, type]) => [name, fieldTable(structuralSchema(type), new Map())]);
}

/** The names of those shapes, and of the specs that other kinds hold. */
export function namedShapes(kinds: ReadonlyMap<string, StructuralSchema>): NamedShapes {
  const shapes = new Map(Object.entries(shapeTypes).map(([name, type]) => [fingerprint(structuralSchema(type)), name]));
  for (const name of ['ExternalSecret', 'PushSecret']) {
    const spec = kinds.get(name)?.properties?.['spec'];
    if (spec !== undefined) shapes.set(fingerprint(spec), specOf(name));
  }
  return shapes;
}

/** How the spec of a kind is called where another kind holds it. */
export function specOf(kind: string): string {
  return `spec of ${kind}`;
}

/** Two schemas with the same fingerprint take the same values. */
function fingerprint(schema: StructuralSchema): string {
  const { default: _default, ...rest } = withoutDescriptions(schema);
  return JSON.stringify(rest);
}

function withoutDescriptions(schema: StructuralSchema): StructuralSchema {
  const { description: _description, ...rest } = schema;
  return mapChildren(rest, withoutDescriptions);
}

interface Field {
  readonly path: string;
  readonly required: boolean;
  readonly schema: StructuralSchema;
}

/** One row a field; what is inside a named shape is left out. */
export function fieldTable(schema: StructuralSchema, shapes: NamedShapes): string {
  const rows = fieldsOf(schema, '', shapes)
    .filter((field) => hasOwnRow(field, shapes))
    .map(({ path, required, schema: field }) => {
      const name = required && field.default === undefined ? `**\`${path}\`**` : `\`${path}\``;
      return `| ${name} | ${typeText(field, shapes)} | ${notes(field)} |`;
    });
  if (rows.length === 0) return 'It has no settings.\n';
  return `${['| field | type | |', '| --- | --- | --- |', ...rows].join('\n')}\n`;
}

function fieldsOf(schema: StructuralSchema, prefix: string, shapes: NamedShapes): readonly Field[] {
  if (shapes.has(fingerprint(schema)) && prefix !== '') return [];
  const inside = schema.items ?? schema.additionalProperties;
  if (inside !== undefined) return fieldsOf(inside, `${prefix}${schema.items === undefined ? '{}' : '[]'}`, shapes);
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const required = schema.required?.includes(name) === true;
    return [{ path, required, schema: child }, ...fieldsOf(child, path, shapes)];
  });
}

/** Objects that only hold other fields, with nothing to say about them, need no row. */
function hasOwnRow({ schema, required }: Field, shapes: NamedShapes): boolean {
  const holdsFields = Object.keys(schema.properties ?? {}).length > 0 && !shapes.has(fingerprint(schema));
  return !holdsFields || required || notes(schema) !== '';
}

function typeText(schema: StructuralSchema, shapes: NamedShapes): string {
  const shape = shapes.get(fingerprint(schema));
  if (shape !== undefined) return shape;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.items !== undefined) return `list of ${typeText(schema.items, shapes)}`;
  if (schema.additionalProperties !== undefined) return `map of ${typeText(schema.additionalProperties, shapes)}`;
  if (schema['x-kubernetes-int-or-string'] === true) return 'integer or string';
  return schema.format ?? schema.type ?? 'any';
}

function notes(schema: StructuralSchema): string {
  const texts = [
    schema.description,
    schema.default === undefined ? undefined : `Default \`${JSON.stringify(schema.default)}\`.`,
    schema.maxProperties === 1 && schema.minProperties === 1 ? 'Exactly one member.' : undefined,
    ...(schema['x-kubernetes-validations'] ?? []).map(({ rule, message }) => `Rule: ${message ?? `\`${rule}\``}.`),
  ];
  return texts
    .filter((text) => text !== undefined)
    .join(' ')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');
}
