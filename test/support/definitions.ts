/** The CRDs of `crds/`, parsed. Parsing 2 MB of YAML takes a second, so the result is kept in the cache folder. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { KubeObject } from '../../src/api/object.ts';
import { cacheFolder } from './cachefolder.ts';

export async function readDefinitions(): Promise<readonly KubeObject[]> {
  const texts = await definitionTexts();
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  const path = join(cacheFolder(), 'crds', `${hash.digest('hex').slice(0, 16)}.json`);
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  // Written below, from the same texts.
  if (kept !== undefined) return JSON.parse(kept) as readonly KubeObject[];
  const definitions = texts.map((text) => parse(text) as KubeObject);
  await keep(path, JSON.stringify(definitions));
  return definitions;
}

async function definitionTexts(): Promise<readonly string[]> {
  const folder = fileURLToPath(new URL('../../crds/', import.meta.url));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
}

/** In one step: other processes read it. */
async function keep(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(unfinished, text);
  await rename(unfinished, path);
}
