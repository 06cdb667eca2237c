/** The registries: modules that import every provider and every generator, so that types and bundlers see them. */
import type { Found } from './discovery.ts';

type Registered = 'provider' | 'generator';

const texts = {
  provider: {
    type: 'Provider',
    file: 'provider.ts',
    key: 'name',
    promise: 'Every provider of this build, by its key under `spec.provider`.',
  },
  generator: {
    type: 'Generator',
    file: 'generator.ts',
    key: 'kind',
    promise: 'Every generator of this build, by its kind.',
  },
} as const;

/** The source of `registry.generated.ts`. */
export function registrySource(registered: Registered, found: readonly Found[]): string {
  const { type, file, key, promise } = texts[registered];
  refuseTwins(found);
  return `${[
    `/** ${promise} Written by \`npm run generate\`. */`,
    `import type { ${type} } from '../provider/${file}';`,
    ...found.map(({ folder }) => `import { ${registered} as ${identifierOf(folder)} } from './${folder}/index.ts';`),
    '',
    `const all: readonly ${type}[] = [${found.map(({ folder }) => identifierOf(folder)).join(', ')}];`,
    '',
    `export const ${registered}s: ReadonlyMap<string, ${type}> = new Map(all.map((${registered}) => [${registered}.${key}, ${registered}]));`,
  ].join('\n')}\n`;
}

/** The folder's name, which must do as a variable's name. */
function identifierOf(folder: string): string {
  if (!/^[a-z][a-z0-9]*$/.test(folder)) throw new Error(`folder ${folder}: use lower-case letters and digits`);
  return folder;
}

function refuseTwins(found: readonly Found[]): void {
  const folders = new Map<string, string>();
  for (const { folder, name } of found) {
    const twin = folders.get(name);
    if (twin !== undefined) throw new Error(`folders ${twin} and ${folder} both call themselves ${name}`);
    folders.set(name, folder);
  }
}
