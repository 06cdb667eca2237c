import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseManifests, readManifests } from './manifests.ts';

const folders: string[] = [];

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'manifests-test-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const manifest = (name: string): string => `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\n`;

describe('manifests', () => {
  it('come from all documents of a file, each with its line', () => {
    const { objects, problems } = parseManifests(
      'a.yaml',
      `# nothing\n---\n${manifest('one')}---\n---\n${manifest('two')}`,
    );
    expect(objects.map(({ object, place }) => [object.metadata.name, place])).toEqual([
      ['one', 'a.yaml:3'],
      ['two', 'a.yaml:8'],
    ]);
    expect(problems).toEqual([]);
  });

  it('that are broken are told with their place, and do not spoil the others', () => {
    const { objects, problems } = parseManifests('a.yaml', `kind: [\n---\n${manifest('one')}---\nkind: Secret\n`);
    expect(objects.map(({ object }) => object.metadata.name)).toEqual(['one']);
    expect(problems).toEqual([
      expect.stringMatching(/^a\.yaml:\d+: /),
      'a.yaml:7: no apiVersion, kind and metadata.name',
    ]);
  });

  it('are found in folders of folders, in the order of their names', async () => {
    const folder = await folderWith({
      'b.yml': manifest('b'),
      'a/nested.yaml': manifest('a'),
      'c.json': JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'c' } }),
      'notes.txt': 'no manifest',
    });
    const { objects } = await readManifests([folder]);
    expect(objects.map(({ object }) => object.metadata.name)).toEqual(['a', 'b', 'c']);
  });

  it('of a path that does not exist are an error', async () => {
    await expect(readManifests(['/nowhere/at/all'])).rejects.toThrow('ENOENT');
  });
});
