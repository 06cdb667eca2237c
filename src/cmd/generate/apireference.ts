/** `docs/api.md`: every field of every kind, from the same types as the CRDs. */
import { clusterSpecKeys } from '../../api/generator.ts';
import type { Kind } from '../../api/kinds.ts';
import { type StructuralSchema, structuralSchema } from '../../api/structural.ts';
import { fieldTable, type NamedShapes, namedShapes, shapeTables, specOf } from './fieldtable.ts';

const intro = `# API reference

Written by \`npm run generate\` from the types in \`src/api\`. Fields in **bold** are required. \`[]\` stands for the items
of a list, \`{}\` for the values of a map. v1beta1 has the same fields as v1.
`;

/**
 * The whole page.
 * @param built the names of the providers that this build can read from
 */
export function apiReference(kinds: readonly Kind[], built: ReadonlySet<string>): string {
  const schemas = new Map(kinds.map((kind) => [kind.resource.kind, structuralSchema(kind.schema)]));
  const shapes = namedShapes(schemas);
  return [
    intro,
    ...kindSections(kinds, schemas, shapes),
    ...shapeSections(),
    ...providerSections(schemas.get('SecretStore') ?? {}, shapes, built),
  ].join('\n');
}

function kindSections(kinds: readonly Kind[], schemas: ReadonlyMap<string, StructuralSchema>, shapes: NamedShapes) {
  const seen = new Map<string, string>();
  return kinds.map((kind) => {
    const { kind: name } = kind.resource;
    // A kind spells its own spec out; only others call it by its name.
    const others = new Map([...shapes].filter(([, shape]) => shape !== specOf(name)));
    const table = fieldTable(withoutExtensions(name, schemas.get(name) ?? {}), others);
    const twin = seen.get(table);
    seen.set(table, twin ?? name);
    return `${heading(kind)}\n\n${twin === undefined ? table : `The fields of ${twin}.\n`}`;
  });
}

function heading(kind: Kind): string {
  const { group, version, kind: name, namespaced } = kind.resource;
  const facts = [
    `\`${group}/${version}\`${kind.servesV1beta1 ? ' and v1beta1' : ''}`,
    namespaced ? 'namespaced' : 'cluster scope',
    ...kind.shortNames.map((shortName) => `short name \`${shortName}\``),
  ];
  return `## ${name}\n\n${facts.join(' · ')}`;
}

/** Stores and ClusterGenerators hold the specs of others, which have their own sections. */
function withoutExtensions(name: string, schema: StructuralSchema): StructuralSchema {
  if (name === 'ClusterSecretStore' || name === 'SecretStore') return withLeaf(schema, ['spec', 'provider']);
  if (name !== 'ClusterGenerator') return schema;
  return Object.values(clusterSpecKeys).reduce((rest, key) => withLeaf(rest, ['spec', 'generator', key]), schema);
}

function withLeaf(schema: StructuralSchema, path: readonly string[]): StructuralSchema {
  const [segment, ...rest] = path;
  if (segment === undefined) {
    const { properties: _properties, required: _required, ...leaf } = schema;
    return leaf;
  }
  const child = schema.properties?.[segment];
  if (child === undefined) return schema;
  return { ...schema, properties: { ...schema.properties, [segment]: withLeaf(child, rest) } };
}

function shapeSections(): readonly string[] {
  return [
    '## Shapes\n\nParts that occur in many places.\n',
    ...shapeTables().map(([name, table]) => `### ${name}\n\n${table}`),
  ];
}

function providerSections(store: StructuralSchema, shapes: NamedShapes, built: ReadonlySet<string>): readonly string[] {
  const providers = Object.entries(store.properties?.['spec']?.properties?.['provider']?.properties ?? {});
  return [
    '## Providers\n\nThe members of `spec.provider` of a SecretStore or ClusterSecretStore.\n',
    ...providers.map(([name, schema]) => {
      const note = built.has(name) ? '' : 'Accepted, not served yet: such a store is never ready.\n\n';
      return `### ${name}\n\n${note}${fieldTable(schema, shapes)}`;
    }),
  ];
}
