/** Files that may be missing, and files in folders that may be. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';

/** A file to write, by its path from the root. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** The names in a folder; none when it is missing or no folder. */
export async function namesIn(folder: URL): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The content of a file; undefined when it is missing. */
export async function contentOf(file: URL): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Writes a file and the folders above it. */
export async function write(file: URL, content: string): Promise<void> {
  await mkdir(new URL('./', file), { recursive: true });
  await writeFile(file, content);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
