/** Manifests that remember where everything in them stands. */
import { readFile } from 'node:fs/promises';
import { type Document, isMap, LineCounter, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../api/object.ts';

export interface ManifestDocument {
  readonly path: string;
  /** The text of the whole file. */
  readonly text: string;
  readonly lines: LineCounter;
  readonly document: Document.Parsed;
  readonly object: KubeObject;
}

export interface ReadDocuments {
  readonly documents: readonly ManifestDocument[];
  /** What is no manifest, with its place. */
  readonly problems: readonly string[];
}

/** @throws when a file cannot be read */
export async function readDocuments(paths: readonly string[]): Promise<ReadDocuments> {
  const read = await Promise.all(paths.map(async (path) => parseDocuments(path, await readFile(path, 'utf8'))));
  return {
    documents: read.flatMap(({ documents }) => documents),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** Pure. Empty documents are nothing; a broken one does not spoil the others. */
export function parseDocuments(path: string, text: string): ReadDocuments {
  const documents: ManifestDocument[] = [];
  const problems: string[] = [];
  const lines = new LineCounter();
  for (const document of parseAllDocuments(text, { lineCounter: lines })) {
    const [error] = document.errors;
    const object: unknown = error === undefined ? document.toJS() : undefined;
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      problems.push(`${path}:${line}:${col}: ${error.message.split(' at line ')[0] ?? 'not YAML'}`);
    } else if (isManifest(object)) documents.push({ path, text, lines, document, object });
    else if (object !== null && object !== undefined) {
      const offset = isMap(document.contents) ? document.contents.range[0] : 0;
      problems.push(`${path}:${lines.linePos(offset).line}: no apiVersion, kind and metadata.name`);
    }
  }
  return { documents, problems };
}

function isManifest(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null || !('apiVersion' in value) || !('kind' in value)) return false;
  if (!('metadata' in value) || typeof value.metadata !== 'object' || value.metadata === null) return false;
  const { metadata } = value;
  return (
    typeof value.apiVersion === 'string' &&
    typeof value.kind === 'string' &&
    'name' in metadata &&
    typeof metadata.name === 'string'
  );
}
