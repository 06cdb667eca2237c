/** Whatever ESO 2.9's CRDs accept, ours accept with the same defaults; whatever they check, ours check. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { StructuralSchema } from '../../src/api/structural.ts';
import { currentDefinitions, schemaAt, schemaOf, walk } from './definitions.ts';
import { type FieldRow, readFields, readVersions } from './table.ts';

const definitions = await currentDefinitions();
const fields = readFields();
const versions = readVersions();

/** The limits that could make a field narrower. */
const limits = [
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;

describe('every field of ESO is there, with its type, values, default and limits', () => {
  it.each(versions.map(({ kind, version }) => ({ kind, version })))('$kind $version', ({ kind, version }) => {
    const schema = schemaOf(definitions.get(kind), version);
    const rows = fields.filter((row) => row.kind === kind && row.version === version);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.flatMap((row) => lacks(row, schema))).toEqual([]);
  });
});

describe('nothing is narrower than in ESO', () => {
  it.each(versions.map(({ kind, version }) => ({ kind, version })))('$kind $version', ({ kind, version }) => {
    const rows = new Map(
      fields.filter((row) => row.kind === kind && row.version === version).map((row) => [row.path, row] as const),
    );
    const narrower = [...walk(schemaOf(definitions.get(kind), version))].flatMap(([path, schema]) => [
      ...requiredBeyond(path, schema, rows),
      ...limitedBeyond(schema, rows.get(path)),
    ]);
    expect(narrower).toEqual([]);
  });
});

describe('the API server is told the same about each kind', () => {
  it.each(versions)('$kind $version', (row) => {
    const { spec } = definitions.get(row.kind)!;
    const version = spec.versions.find((candidate) => candidate.name === row.version)!;
    expect({
      group: spec.group,
      kind: spec.names.kind,
      plural: spec.names.plural,
      scope: spec.scope,
      shortNames: spec.names.shortNames ?? [],
      categories: spec.names.categories,
      version: version.name,
      storage: version.storage,
      hasStatus: version.subresources !== undefined,
      printerColumns: version.additionalPrinterColumns ?? [],
      selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath),
    }).toEqual(row);
  });

  it('all 25 kinds and no other', () => {
    expect([...definitions.keys()].sort()).toEqual([...new Set(versions.map(({ kind }) => kind))].sort());
    expect(definitions.size).toBe(25);
  });

  it('all versions are served, v1beta1 too', () => {
    const served = [...definitions.values()].flatMap(({ spec }) => spec.versions.map((version) => version.served));
    expect(served).toHaveLength(29);
    expect(served.every(Boolean)).toBe(true);
  });
});

describe('what ESO 2.9 leaves undefined stays undefined', () => {
  const undefaulted = [
    'spec.data[].remoteRef.conversionStrategy',
    'spec.data[].remoteRef.decodingStrategy',
    'spec.data[].remoteRef.metadataPolicy',
    'spec.data[].remoteRef.nullBytePolicy',
    'spec.dataFrom[].extract.conversionStrategy',
    'spec.dataFrom[].find.decodingStrategy',
    'spec.dataFrom[].find.nullBytePolicy',
    'spec.target.template.templateFrom[].valuesDecodingStrategy',
    'spec.refreshPolicy',
    'spec.secretStoreRef.kind',
  ];

  it.each(undefaulted)('%s', (path) => {
    const field = schemaAt(schemaOf(definitions.get('ExternalSecret'), 'v1'), path);
    expect(field).toMatchObject({ type: 'string' });
    expect(field).not.toHaveProperty('default');
  });
});

describe('what is ours alone', () => {
  it('the handlebars engine', () => {
    const engine = schemaAt(
      schemaOf(definitions.get('ExternalSecret'), 'v1'),
      'spec.target.template.engineVersion',
    );
    expect(engine).toMatchObject({ enum: ['v2', 'handlebars'], default: 'v2' });
  });

  it.each(['v1', 'v1beta1'])('a ServiceAccount directly under vault.auth.jwt in %s', (version) => {
    const path = 'spec.provider.vault.auth.jwt.serviceAccountRef';
    expect(schemaAt(schemaOf(definitions.get('SecretStore'), version), path)?.required).toEqual(['name']);
  });

  it.each(['alibaba', 'device42'])('v1 keeps the provider %s, which only v1beta1 had', (provider) => {
    const stored = schemaAt(schemaOf(definitions.get('SecretStore'), 'v1'), `spec.provider.${provider}`);
    expect(stored).toMatchObject({ type: 'object' });
  });

  it('no field is known to one version only, so that nothing is lost between them', () => {
    for (const kind of ['ExternalSecret', 'ClusterExternalSecret', 'SecretStore', 'ClusterSecretStore']) {
      const [current, old] = ['v1', 'v1beta1'].map((version) =>
        Array.from(walk(schemaOf(definitions.get(kind), version)), ([path]) => path),
      );
      expect(old).toEqual(current);
    }
  });
});

function lacks(row: FieldRow, schema: StructuralSchema): readonly string[] {
  const field = schemaAt(schema, row.path);
  if (field === undefined) return [`${row.path} is missing`];
  const parent = schemaAt(schema, row.path.replace(/(\.?[^.[\]{}]+|\[\]|\{\})$/, ''));
  return [
    ...differs(row, 'type', accepts(field, row.type)),
    ...differs(row, 'enum', (row.enum ?? []).every((value) => field.enum?.includes(value) ?? dropped(row, 'enum'))),
    ...differs(row, 'default', hasDefaultOf(row, field)),
    ...differs(row, 'requirement', !row.required || isDemanded(row, parent) || dropped(row, 'required')),
    ...Object.entries(row.constraints).flatMap(([keyword, value]) =>
      differs(row, keyword, isDeepStrictEqual(Reflect.get(field, keyword), value)),
    ),
    ...row.cel.flatMap((rule) =>
      differs(row, rule, field['x-kubernetes-validations']?.some((ours) => ours.rule === rule) === true),
    ),
  ];
}

function differs(row: FieldRow, what: string, holds: boolean): readonly string[] {
  return holds ? [] : [`${row.path}: ${what}`];
}

/** Ours give an ExternalSecret without a spec an empty one, which gets ESO's defaults. */
function hasDefaultOf(row: FieldRow, field: StructuralSchema): boolean {
  if (row.kind === 'ExternalSecret' && row.path === 'spec') return isDeepStrictEqual(field.default, {});
  return isDeepStrictEqual(field.default, row.default);
}

/** What has a default is always there. */
function isDemanded(row: FieldRow, parent: StructuralSchema | undefined): boolean {
  const name = /[^.[\]{}]+$/.exec(row.path)?.[0] ?? '';
  return parent?.required?.includes(name) === true || parent?.properties?.[name]?.default !== undefined;
}

function accepts(field: StructuralSchema, type: string | undefined): boolean {
  if (field['x-kubernetes-int-or-string'] === true) return type === undefined || type === 'integer' || type === 'string';
  return field.type === type;
}

/** v1beta1 takes what v1 takes, so it does not insist on what ESO itself gave up in v1. */
function dropped(row: FieldRow, what: 'enum' | 'required'): boolean {
  if (row.version !== 'v1beta1') return false;
  const successor = fields.find(({ kind, version, path }) => kind === row.kind && version === 'v1' && path === row.path);
  return successor !== undefined && (what === 'enum' ? successor.enum === undefined : !successor.required);
}

function requiredBeyond(
  path: string,
  schema: StructuralSchema,
  rows: ReadonlyMap<string, FieldRow>,
): readonly string[] {
  // A field that ESO does not have may demand what it likes inside of itself.
  if (path !== '' && !rows.has(path)) return [];
  return (schema.required ?? [])
    .map((name) => (path === '' ? name : `${path}.${name}`))
    .filter((required) => rows.get(required)?.required !== true)
    .map((required) => `${required} is required`);
}

function limitedBeyond(schema: StructuralSchema, row: FieldRow | undefined): readonly string[] {
  if (row === undefined) return [];
  const { path, constraints, cel } = row;
  return [
    ...limits.filter((limit) => schema[limit] !== undefined && !(limit in constraints)).map((limit) => `${path}: ${limit}`),
    ...(schema.enum !== undefined && row.enum === undefined ? [`${path}: enum`] : []),
    ...(schema['x-kubernetes-validations'] ?? []).filter(({ rule }) => !cel.includes(rule)).map(({ rule }) => `${path}: ${rule}`),
  ];
}
