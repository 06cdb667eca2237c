/** Manifests from files and folders: read at the start, and again whenever a file changes. */
import { type FSWatcher, watch } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LineCounter, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../api/object.ts';

/** A manifest with the place that it was read from, for messages. */
export interface SourceObject {
  readonly object: KubeObject;
  /** `path:line`. */
  readonly place: string;
}

export interface ReadManifests {
  readonly objects: readonly SourceObject[];
  /** What could not be read, each with its place. */
  readonly problems: readonly string[];
}

/** @throws when a path does not exist */
export async function readManifests(paths: readonly string[]): Promise<ReadManifests> {
  const objects: SourceObject[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    for (const file of await manifestFiles(path)) {
      const read = parseManifests(file, await readFile(file, 'utf8'));
      objects.push(...read.objects);
      problems.push(...read.problems);
    }
  }
  return { objects, problems };
}

/** Pure. Empty documents are nothing; a broken one does not spoil the others. */
export function parseManifests(path: string, text: string): ReadManifests {
  const objects: SourceObject[] = [];
  const problems: string[] = [];
  const lines = new LineCounter();
  for (const document of parseAllDocuments(text, { lineCounter: lines })) {
    const [error] = document.errors;
    const offset = error?.pos[0] ?? document.contents?.range?.[0] ?? 0;
    const place = `${path}:${lines.linePos(offset).line}`;
    const value: unknown = error === undefined ? document.toJS() : undefined;
    if (error !== undefined) problems.push(`${place}: ${error.message.split('\n')[0] ?? 'not YAML'}`);
    else if (isManifest(value)) objects.push({ object: value, place });
    else if (value !== null && value !== undefined) problems.push(`${place}: no apiVersion, kind and metadata.name`);
  }
  return { objects, problems };
}

/** Calls `changed` a moment after files under the paths changed, once for changes that come together. */
export function watchManifests(paths: readonly string[], changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, settleMs);
  };
  const watchers: FSWatcher[] = paths.map((path) => watch(resolve(path), { recursive: true }, soon));
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

/** Editors write a file in several steps. */
const settleMs = 150;

async function manifestFiles(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function isManifest(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind, metadata } = value as Readonly<Record<string, unknown>>;
  const name = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : undefined;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof name === 'string';
}
