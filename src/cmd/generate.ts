/** `external-secrets generate`: writes everything that follows from the API types and the folders of providers. */
import { extensionSchemas } from '../api/extensions.ts';
import { allKinds } from '../api/kinds.ts';
import { apiReference } from './generate/apireference.ts';
import { definitionFiles } from './generate/definitions.ts';
import { discover, schemasOf } from './generate/discovery.ts';
import { contentOf, type GeneratedFile, namesIn, write } from './generate/files.ts';
import { registrySource } from './generate/registry.ts';

export interface GenerateOptions {
  /** The folder of the repository, with a slash at its end. */
  readonly root: URL;
  /** Only compare: nothing is written. */
  readonly check: boolean;
  readonly print: (line: string) => void;
}

/**
 * Writes registries, CRDs and their reference.
 * @returns false when `check` found files that are stale or left over
 */
export async function generate({ root, check, print }: GenerateOptions): Promise<boolean> {
  const files = await generatedFiles(root);
  const stale = await staleFiles(root, files);
  const leftOver = await leftOverDefinitions(root, files);
  for (const { path, content } of check ? [] : stale) await write(new URL(path, root), content);
  for (const { path } of stale) print(check ? `${path} is stale: run "npm run generate"` : `wrote ${path}`);
  for (const path of leftOver) print(`${path} belongs to no kind: delete it`);
  return !check || stale.length + leftOver.length === 0;
}

/** All generated files as they should be. */
async function generatedFiles(root: URL): Promise<readonly GeneratedFile[]> {
  const built = await discover(root);
  const kinds = allKinds(await extensionSchemas(schemasOf(built)));
  return [
    ...definitionFiles(kinds),
    { path: 'docs/api.md', content: apiReference(kinds, new Set(built.providers.map(({ name }) => name))) },
    { path: 'src/providers/registry.generated.ts', content: registrySource('provider', built.providers) },
    { path: 'src/generators/registry.generated.ts', content: registrySource('generator', built.generators) },
  ];
}

async function staleFiles(root: URL, files: readonly GeneratedFile[]): Promise<readonly GeneratedFile[]> {
  const stale: GeneratedFile[] = [];
  for (const file of files) {
    if ((await contentOf(new URL(file.path, root))) !== file.content) stale.push(file);
  }
  return stale;
}

/** Definitions of kinds that are no more; whether they may go is for people to say. */
async function leftOverDefinitions(root: URL, files: readonly GeneratedFile[]): Promise<readonly string[]> {
  const present = (await namesIn(new URL('crds/', root))).map((name) => `crds/${name}`);
  return present.filter((path) => !files.some((file) => file.path === path));
}
