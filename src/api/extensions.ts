/** The schemas of providers and generators that are not built yet: as ESO 2.9 publishes them, from a data file. */
import { type GeneratorSchemas, localGeneratorKinds } from './generator.ts';
import { FakeGeneratorSpec } from './generators/fake.ts';
import { PasswordGeneratorSpec } from './generators/password.ts';
import { UUIDGeneratorSpec } from './generators/uuid.ts';
import type { ExtensionSchemas } from './kinds.ts';
import { CAProvider, SecretKeySelector, ServiceAccountSelector } from './refs.ts';
import type { ProviderSchemas } from './secretstore.ts';
import { fromStructural, mapChildren, type StructuralSchema, structuralSchema } from './structural.ts';

/** What is built knows its own schemas: providers by their key, generators by their kind. */
export interface BuiltSchemas {
  readonly providers: ProviderSchemas;
  readonly generators: Partial<GeneratorSchemas>;
}

/** The schemas of everything that a store or generator may say; those of the built ones come from themselves. */
export async function extensionSchemas(built: BuiltSchemas): Promise<ExtensionSchemas> {
  const [providers, generators] = await Promise.all([
    import('./table/providers.generated.json', { with: { type: 'json' } }),
    import('./table/generators.generated.json', { with: { type: 'json' } }),
  ]);
  return {
    providers: { ...tableTypes(providers.default), ...built.providers },
    generators: completed({
      ...tableTypes(generators.default),
      Fake: FakeGeneratorSpec,
      Password: PasswordGeneratorSpec,
      UUID: UUIDGeneratorSpec,
      ...built.generators,
    }),
  };
}

function completed(types: ProviderSchemas): GeneratorSchemas {
  const missing = localGeneratorKinds.filter((kind) => types[kind] === undefined);
  if (missing.length > 0) throw new Error(`no schema for ${missing.join(', ')}`);
  return types;
}

/** The file writes shapes that occur often by their name. */
const shapes: Readonly<Record<string, StructuralSchema>> = {
  SecretKeySelector: structuralSchema(SecretKeySelector),
  ServiceAccountSelector: structuralSchema(ServiceAccountSelector),
  CAProvider: structuralSchema(CAProvider),
};

function tableTypes(table: object): ProviderSchemas {
  return Object.fromEntries(Object.entries(table).map(([name, schema]) => [name, fromStructural(expanded(schema))]));
}

type Abbreviated = StructuralSchema & { readonly $ref?: string };

function expanded({ $ref, ...schema }: Abbreviated): StructuralSchema {
  if ($ref !== undefined) return shapes[$ref] ?? unknownShape($ref);
  return mapChildren(schema, expanded);
}

function unknownShape(name: string): never {
  throw new Error(`the table of schemas names an unknown shape ${name}`);
}
