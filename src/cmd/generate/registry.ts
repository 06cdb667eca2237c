/** The registries: modules that name every provider and every generator, so that types and bundlers see them. */
import type { Found } from './discovery.ts';

type Registered = 'provider' | 'generator';

const texts = {
  provider: {
    type: 'Provider',
    file: 'provider.ts',
    promise: 'Every provider of this build, by its key under `spec.provider`; loaded when it is asked for.',
  },
  generator: {
    type: 'Generator',
    file: 'generator.ts',
    promise: 'Every generator of this build, by its kind; loaded when it is asked for.',
  },
} as const;

/** The source of `registry.generated.ts`. */
export function registrySource(registered: Registered, found: readonly Found[]): string {
  const { type, file, promise } = texts[registered];
  for (const { folder } of found) refuseOddName(folder);
  refuseTwins(found);
  return `${[
    `/** ${promise} Written by \`npm run generate\`. */`,
    `import type { ${type} } from '../provider/${file}';`,
    "import { onDemand, type Registry } from '../provider/registry.ts';",
    '',
    `export const ${registered}s: Registry<${type}> = new Map<string, () => Promise<${type}>>([`,
    ...found.map(
      ({ folder, name }) =>
        `  ['${name}', onDemand(async () => (await import('./${folder}/index.ts')).${registered})],`,
    ),
    ']);',
  ].join('\n')}\n`;
}

/** One way to name folders, so that they read as the keys they serve. */
function refuseOddName(folder: string): void {
  if (!/^[a-z][a-z0-9]*$/.test(folder)) throw new Error(`folder ${folder}: use lower-case letters and digits`);
}

function refuseTwins(found: readonly Found[]): void {
  const folders = new Map<string, string>();
  for (const { folder, name } of found) {
    const twin = folders.get(name);
    if (twin !== undefined) throw new Error(`folders ${twin} and ${folder} both call themselves ${name}`);
    folders.set(name, folder);
  }
}
