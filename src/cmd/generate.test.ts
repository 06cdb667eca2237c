import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate } from './generate.ts';

const provider = `import { z } from 'zod';
export const provider = {
  name: 'cellar',
  Spec: z.object({ shelf: z.string().describe('Where it stands.') }),
  connect: () => { throw new Error('not in this test'); },
};
`;

const generator = `import { z } from 'zod';
export const generator = {
  kind: 'MFA',
  Spec: z.object({ digits: z.int().default(6) }),
  generate: () => { throw new Error('not in this test'); },
};
`;

let folder: string;
let root: URL;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'generate-'));
  root = pathToFileURL(`${folder}/`);
  await symlink(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(path: string, content: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), content);
}

function read(path: string): Promise<string> {
  return readFile(join(folder, path), 'utf8');
}

async function run(check = false): Promise<{ good: boolean; lines: readonly string[] }> {
  const lines: string[] = [];
  const good = await generate({ root, check, print: (line) => lines.push(line) });
  return { good, lines };
}

describe('generate', () => {
  it('writes one CRD a kind', async () => {
    await run();
    const names = await readdir(join(folder, 'crds'));
    expect(names).toHaveLength(25);
    expect(names).toContain('external-secrets.io_externalsecrets.yaml');
    expect(names).toContain('generators.external-secrets.io_uuids.yaml');
  });

  it('puts a provider folder into the registry, both store CRDs and the reference', async () => {
    await put('src/providers/cellar/index.ts', provider);
    await run();
    const registry = await read('src/providers/registry.generated.ts');
    const named = Array.from(registry.matchAll(/\['(\w+)', onDemand/g), ([, name]) => name);
    expect(named).toEqual(['cellar']);
    expect(registry).toContain("['cellar', onDemand(async () => (await import('./cellar/index.ts')).provider)],");
    for (const plural of ['secretstores', 'clustersecretstores']) {
      expect(await read(`crds/external-secrets.io_${plural}.yaml`)).toContain('description: Where it stands.');
    }
    expect(await read('docs/api.md')).toContain('| **`shelf`** | string | Where it stands. |');
  });

  it('puts a generator folder into its CRD and the ClusterGenerator', async () => {
    await put('src/generators/mfa/index.ts', generator);
    await run();
    expect(await read('src/generators/registry.generated.ts')).toContain("import('./mfa/index.ts')");
    for (const plural of ['mfas', 'clustergenerators']) {
      expect(await read(`crds/generators.external-secrets.io_${plural}.yaml`)).toContain('default: 6');
    }
  });

  it('does not look at folders without an index', async () => {
    await put('src/providers/draft/schema.ts', 'export const Spec = 1;');
    await run();
    expect(await read('src/providers/registry.generated.ts')).not.toContain('draft');
  });

  it('writes the same bytes twice', async () => {
    await put('src/providers/cellar/index.ts', provider);
    await run();
    expect(await run()).toEqual({ good: true, lines: [] });
  });
});

describe('generate --check', () => {
  it('passes when all is as generated', async () => {
    await run();
    expect(await run(true)).toEqual({ good: true, lines: [] });
  });

  it('names what was edited, is missing or is left over, and changes nothing', async () => {
    await run();
    const edited = 'crds/external-secrets.io_pushsecrets.yaml';
    await put(edited, `${await read(edited)}# by hand\n`);
    await rm(join(folder, 'docs/api.md'));
    await put('crds/external-secrets.io_gone.yaml', '');
    const { good, lines } = await run(true);
    expect(good).toBe(false);
    expect(lines).toEqual([
      `${edited} is stale: run "npm run generate"`,
      'docs/api.md is stale: run "npm run generate"',
      'crds/external-secrets.io_gone.yaml belongs to no kind: delete it',
    ]);
    expect(await read(edited)).toContain('# by hand');
  });

  it('writes nothing into an empty folder', async () => {
    expect((await run(true)).good).toBe(false);
    expect(await readdir(folder)).toEqual(['node_modules']);
  });

  it('sees a provider folder that came after the last generation', async () => {
    await run();
    await put('src/providers/cellar/index.ts', provider);
    const { good, lines } = await run(true);
    expect(good).toBe(false);
    expect(lines.join()).toContain('registry.generated.ts');
  });
});

describe('folders that cannot be registered', () => {
  it('a folder that exports something else is named', async () => {
    await put('src/providers/cellar/index.ts', 'export const cellar = 1;');
    await expect(run()).rejects.toThrow('src/providers/cellar/index.ts exports no provider');
  });

  it('a folder with other letters than the rest is named', async () => {
    await put('src/providers/my-cellar/index.ts', provider);
    await expect(run()).rejects.toThrow('folder my-cellar: use lower-case letters and digits');
  });

  it('two folders with one provider name', async () => {
    await put('src/providers/cellar/index.ts', provider);
    await put('src/providers/second/index.ts', provider);
    await expect(run()).rejects.toThrow('cellar and second both call themselves cellar');
  });
});
