/**
 * Writes src/api/table/*.generated.json: the schemas of all providers and generators as ESO 2.9 publishes them, from
 * the table in test/crds/data. They stand in for the providers and generators that are not built yet.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { clusterSpecKeys } from '../src/api/generator.ts';
import { CAProvider, SecretKeySelector, ServiceAccountSelector } from '../src/api/refs.ts';
import { structuralSchema } from '../src/api/structural.ts';

const root = new URL('../', import.meta.url);

/** Shapes that occur often are written by their name. */
const shapes = Object.entries({ SecretKeySelector, ServiceAccountSelector, CAProvider }).map(([name, type]) => ({
  name,
  schema: withoutOrder(structuralSchema(type)),
}));

const rows = readRows(new URL('test/crds/data/crd-fields.tsv', root));

writeSchemas('providers', providerSchemas());
writeSchemas('generators', generatorSchemas());

/** The union of v1 and v1beta1: what v1beta1 alone knew is still accepted, so that no stored object loses its spec. */
function providerSchemas() {
  const [old, current] = ['v1beta1', 'v1'].map(
    (version) => schemaOf('SecretStore', version).properties.spec.properties.provider.properties,
  );
  const providers = { ...old, ...current };
  acceptServiceAccountOfJwt(providers.vault);
  return providers;
}

function generatorSchemas() {
  const members = schemaOf('ClusterGenerator', 'v1alpha1').properties.spec.properties.generator.properties;
  acceptServiceAccountOfJwt(members.vaultDynamicSecretSpec.properties.provider);
  return Object.fromEntries(Object.entries(clusterSpecKeys).map(([kind, member]) => [kind, members[member]]));
}

/** Beyond ESO: Vault's JWT login with a ServiceAccount that is named directly. */
function acceptServiceAccountOfJwt(vault) {
  vault.properties.auth.properties.jwt.properties.serviceAccountRef = structuralSchema(ServiceAccountSelector);
}

function readRows(file) {
  const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const names = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(names.map((name, index) => [name, cells[index]]));
  });
}

function schemaOf(kind, version) {
  const schema = { type: 'object', properties: {} };
  for (const row of rows) {
    if (row.kind === kind && row.version === version) place(schema, row);
  }
  return schema;
}

function place(schema, row) {
  const segments = row.path.match(/[^.[\]{}]+|\[\]|\{\}/g);
  let parent = schema;
  let node = schema;
  for (const segment of segments) {
    parent = node;
    node = child(parent, segment);
  }
  if (row.required === 'yes') parent.required = [...(parent.required ?? []), segments.at(-1)];
  Object.assign(node, keywordsOf(row));
}

function child(node, segment) {
  if (segment === '[]') return (node.items ??= {});
  if (segment === '{}') return (node.additionalProperties ??= {});
  node.properties ??= {};
  return (node.properties[segment] ??= {});
}

function keywordsOf(row) {
  return {
    ...(row.type !== '-' && { type: row.type }),
    ...(row.enum && { enum: JSON.parse(row.enum) }),
    ...(row.default && { default: JSON.parse(row.default) }),
    ...(row.constraints && JSON.parse(row.constraints)),
    ...(row.cel && { 'x-kubernetes-validations': JSON.parse(row.cel).map((rule) => ({ rule })) }),
  };
}

function writeSchemas(name, schemas) {
  const entries = Object.entries(schemas).sort(([left], [right]) => (left < right ? -1 : 1));
  const lines = entries.map(([key, schema]) => `${JSON.stringify(key)}: ${JSON.stringify(abbreviated(schema))}`);
  mkdirSync(new URL('src/api/table/', root), { recursive: true });
  writeFileSync(new URL(`src/api/table/${name}.generated.json`, root), `{\n${lines.join(',\n')}\n}\n`);
}

function abbreviated(schema) {
  const shape = shapes.find((candidate) => isDeepStrictEqual(candidate.schema, withoutOrder(schema)));
  if (shape !== undefined) return { $ref: shape.name };
  const { properties, items, additionalProperties, ...keywords } = schema;
  return {
    ...keywords,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, abbreviated(value)])),
    }),
    ...(items && { items: abbreviated(items) }),
    ...(additionalProperties && { additionalProperties: abbreviated(additionalProperties) }),
  };
}

function withoutOrder(schema) {
  return 'required' in schema ? { ...schema, required: new Set(schema.required) } : schema;
}
