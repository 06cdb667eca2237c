/** Finds what is built: each folder under `src/providers` and `src/generators` that has an `index.ts`. */
import type { BuiltSchemas } from '../../api/extensions.ts';
import type { Generator } from '../../provider/generator.ts';
import type { Provider } from '../../provider/provider.ts';
import { namesIn } from './files.ts';

/** A value that a folder exports. */
export interface Found<T = unknown> {
  readonly folder: string;
  /** By which it is looked up: a provider's key, a generator's kind. */
  readonly name: string;
  readonly value: T;
}

export interface Built {
  readonly providers: readonly Found<Provider>[];
  readonly generators: readonly Found<Generator>[];
}

/**
 * Imports the folders themselves, so that a registry that is stale or missing does not matter.
 * @throws Error naming the folder that does not export what it should
 */
export async function discover(root: URL): Promise<Built> {
  return {
    providers: await exportsOf(new URL('src/providers/', root), 'provider', isProvider, ({ name }) => name),
    generators: await exportsOf(new URL('src/generators/', root), 'generator', isGenerator, ({ kind }) => kind),
  };
}

/** Their schemas, by provider key and generator kind. */
export function schemasOf({ providers, generators }: Built): BuiltSchemas {
  return {
    providers: Object.fromEntries(providers.map(({ name, value }) => [name, value.Spec])),
    generators: Object.fromEntries(generators.map(({ name, value }) => [name, value.Spec])),
  };
}

async function exportsOf<T>(
  parent: URL,
  exported: string,
  isExpected: (value: unknown) => value is T,
  nameOf: (value: T) => string,
) {
  const found: Found<T>[] = [];
  for (const folder of await foldersWithIndex(parent)) {
    const module: Readonly<Record<string, unknown>> = await import(new URL(`${folder}/index.ts`, parent).href);
    const value = module[exported];
    if (!isExpected(value)) throw new Error(`${parent.pathname}${folder}/index.ts exports no ${exported}`);
    found.push({ folder, name: nameOf(value), value });
  }
  return found;
}

async function foldersWithIndex(parent: URL): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const folder of await namesIn(parent)) {
    if ((await namesIn(new URL(`${folder}/`, parent))).includes('index.ts')) folders.push(folder);
  }
  return folders;
}

function isProvider(value: unknown): value is Provider {
  return hasMembers(value, 'name', 'Spec', 'connect');
}

function isGenerator(value: unknown): value is Generator {
  return hasMembers(value, 'kind', 'Spec', 'generate');
}

function hasMembers(value: unknown, ...names: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}
