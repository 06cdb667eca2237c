/** The CRDs keep the API server's rules for structural schemas, as far as they can be checked without one. */
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { allKinds } from '../../src/api/kinds.ts';
import type { StructuralSchema } from '../../src/api/structural.ts';
import { extensionSchemas } from '../../src/api/extensions.ts';
import { definitionFiles } from '../../src/cmd/generate/definitions.ts';
import { discover, schemasOf } from '../../src/cmd/generate/discovery.ts';
import { currentDefinitions, schemaAt, walk } from './definitions.ts';

const definitions = [...(await currentDefinitions()).values()];
const files = definitionFiles(
  allKinds(await extensionSchemas(schemasOf(await discover(new URL('../../', import.meta.url))))),
);

/** What kubectl keeps in its annotation is the JSON; the API server allows 262,144 bytes for all annotations. */
const maxJsonBytes = 250_000;

describe.each(definitions.map((definition) => [definition.spec.names.kind, definition] as const))('%s', (_, definition) => {
  const nodes = definition.spec.versions.flatMap((version) => [...walk(version.schema.openAPIV3Schema)]);

  it('fits into the annotation of kubectl apply', () => {
    expect(JSON.stringify(definition).length).toBeLessThan(maxJsonBytes);
  });

  it('gives each value exactly one way to be', () => {
    const wrong = nodes.filter(([, schema]) => !hasOneShape(schema)).map(([path]) => path);
    expect(wrong).toEqual([]);
  });

  it('has patterns that the API server can compile', () => {
    for (const [, { pattern }] of nodes) if (pattern !== undefined) RE2JS.compile(pattern);
  });

  it('has defaults that fit their own schema', () => {
    const wrong = nodes
      .filter(([, schema]) => schema.default !== undefined && !fits(schema.default, schema))
      .map(([path]) => path);
    expect(wrong).toEqual([]);
  });

  it('names required fields that it has', () => {
    const unknown = nodes.flatMap(([path, schema]) =>
      (schema.required ?? []).filter((name) => schema.properties?.[name] === undefined).map((name) => `${path}.${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('has exactly one storage version', () => {
    expect(definition.spec.versions.filter((version) => version.storage)).toHaveLength(1);
  });

  it('selects by fields that are simple values', () => {
    for (const { selectableFields = [], schema } of definition.spec.versions) {
      for (const { jsonPath } of selectableFields) {
        expect(schemaAt(schema.openAPIV3Schema, jsonPath.slice(1))?.type).toBe('string');
      }
    }
  });
});

describe('the YAML files', () => {
  it('read the same in YAML 1.1 and 1.2', () => {
    for (const { content } of files) {
      expect(parse(content, { version: '1.1' })).toEqual(parse(content, { version: '1.2' }));
    }
  });

  it('hold the definitions', () => {
    expect(files.map(({ content }) => parse(content))).toEqual(definitions);
  });
});

function hasOneShape(schema: StructuralSchema): boolean {
  const free =
    schema['x-kubernetes-preserve-unknown-fields'] === true || schema['x-kubernetes-int-or-string'] === true;
  if (schema.type === undefined) return free && schema.properties === undefined && schema.items === undefined;
  if (schema['x-kubernetes-int-or-string'] === true) return false;
  if (schema.properties !== undefined && schema.additionalProperties !== undefined) return false;
  if ((schema.type === 'array') !== (schema.items !== undefined)) return false;
  const isMap = schema.properties !== undefined || schema.additionalProperties !== undefined;
  return schema.type === 'object' || !isMap;
}

/** Fields that are not declared would be pruned, which the API server refuses in defaults. */
function fits(value: unknown, schema: StructuralSchema): boolean {
  if (schema.enum !== undefined) return schema.enum.some((allowed) => allowed === value);
  switch (schema.type) {
    case 'object':
      return typeof value === 'object' && value !== null && fitsObject({ ...value }, schema);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'boolean':
      return typeof value === schema.type;
    default:
      return false;
  }
}

function fitsObject(value: Readonly<Record<string, unknown>>, schema: StructuralSchema): boolean {
  const declared = Object.entries(value).every(([name, member]) => {
    const field = schema.properties?.[name];
    return field !== undefined && fits(member, field);
  });
  return declared && (schema.required ?? []).every((name) => name in value || schema.properties?.[name]?.default !== undefined);
}
