/** The CRDs as the types define them now, and ways to look into their schemas. */
import { type CustomResourceDefinition, customResourceDefinition } from '../../src/api/crd.ts';
import { allKinds } from '../../src/api/kinds.ts';
import type { StructuralSchema } from '../../src/api/structural.ts';
import { extensionSchemas } from '../../src/api/extensions.ts';
import { discover, schemasOf } from '../../src/cmd/generate/discovery.ts';

/** By kind. */
export async function currentDefinitions(): Promise<ReadonlyMap<string, CustomResourceDefinition>> {
  const built = await discover(new URL('../../', import.meta.url));
  const kinds = allKinds(await extensionSchemas(schemasOf(built)));
  return new Map(kinds.map((kind) => [kind.resource.kind, customResourceDefinition(kind)]));
}

export function schemaOf(definition: CustomResourceDefinition | undefined, version: string): StructuralSchema {
  const found = definition?.spec.versions.find((candidate) => candidate.name === version);
  if (found === undefined) throw new Error(`no version ${version}`);
  return found.schema.openAPIV3Schema;
}

/** The schema at a path such as `spec.data[].remoteRef`. */
export function schemaAt(schema: StructuralSchema, path: string): StructuralSchema | undefined {
  let node: StructuralSchema | undefined = schema;
  for (const segment of path.match(/[^.[\]{}]+|\[\]|\{\}/g) ?? []) {
    if (segment === '[]') node = node?.items;
    else if (segment === '{}') node = node?.additionalProperties;
    else node = node?.properties?.[segment];
  }
  return node;
}

/** Every schema inside of one with its path, itself first. */
export function* walk(schema: StructuralSchema, path = ''): Generator<readonly [string, StructuralSchema]> {
  yield [path, schema];
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    yield* walk(child, path === '' ? name : `${path}.${name}`);
  }
  if (schema.items !== undefined) yield* walk(schema.items, `${path}[]`);
  if (schema.additionalProperties !== undefined) yield* walk(schema.additionalProperties, `${path}{}`);
}
