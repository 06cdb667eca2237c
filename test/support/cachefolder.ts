/** Where tests keep what takes long to make: outside of the checkout, shared by all of them. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export function cacheFolder(): string {
  return process.env['EXTERNAL_SECRETS_CACHE'] || join(homedir(), '.cache', 'external-secrets-operator');
}

/** A folder of the cache that is filled once; nobody ever sees half of it. @param name holds the version of what is in it */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  const unfinished = await mkdtemp(`${folder}-`);
  try {
    await fill(unfinished);
    // Whoever is second finds the folder there and throws its own away.
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}
