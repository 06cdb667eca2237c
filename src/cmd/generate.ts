/** `external-secrets generate`: writes everything that follows from the API types and the folders of providers. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { allKinds } from '../api/kinds.ts';
import { extensionSchemas } from '../api/extensions.ts';
import { apiReference } from './generate/apireference.ts';
import { definitionFiles } from './generate/definitions.ts';
import { discover, schemasOf } from './generate/discovery.ts';
import { registrySource } from './generate/registry.ts';

export interface GenerateOptions {
  /** The folder of the repository, with a slash at its end. */
  readonly root: URL;
  /** Only compare: nothing is written. */
  readonly check: boolean;
  readonly print: (line: string) => void;
}

/** A file to write, by its path from the root. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/**
 * Writes registries, CRDs and their reference.
 * @returns false when `check` found files that are stale
 */
export async function generate({ root, check, print }: GenerateOptions): Promise<boolean> {
  const files = await generatedFiles(root);
  const stale = [...(await staleFiles(root, files)), ...(await strayDefinitions(root, files))];
  if (check) {
    for (const path of stale) print(`${path} is stale: run "npm run generate"`);
    return stale.length === 0;
  }
  for (const { path, content } of files) await write(new URL(path, root), content);
  print(stale.length === 0 ? 'nothing has changed' : `changed: ${stale.join(', ')}`);
  return true;
}

/** All generated files as they should be. */
export async function generatedFiles(root: URL): Promise<readonly GeneratedFile[]> {
  const built = await discover(root);
  const kinds = allKinds(await extensionSchemas(schemasOf(built)));
  return [
    ...definitionFiles(kinds),
    { path: 'docs/api.md', content: apiReference(kinds, new Set(built.providers.map(({ name }) => name))) },
    { path: 'src/providers/registry.generated.ts', content: registrySource('provider', built.providers) },
    { path: 'src/generators/registry.generated.ts', content: registrySource('generator', built.generators) },
  ];
}

async function staleFiles(root: URL, files: readonly GeneratedFile[]): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const { path, content } of files) {
    if ((await readIfThere(new URL(path, root))) !== content) stale.push(path);
  }
  return stale;
}

/** Definitions of kinds that are no more. They are named, not deleted: deleting a CRD deletes its objects. */
async function strayDefinitions(root: URL, files: readonly GeneratedFile[]): Promise<readonly string[]> {
  await mkdir(new URL('crds/', root), { recursive: true });
  const present = (await readdir(new URL('crds/', root))).map((name) => `crds/${name}`);
  return present.filter((path) => !files.some((file) => file.path === path));
}

async function readIfThere(file: URL): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function write(file: URL, content: string): Promise<void> {
  await mkdir(new URL('./', file), { recursive: true });
  await writeFile(file, content);
}
