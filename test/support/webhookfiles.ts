/** The folder that a webhook reads its certificate from, filled as the kubelet fills the volume of a Secret. */
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface WebhookFiles {
  readonly folder: string;
  /** Replaces all of them at once, as the kubelet does: the files are links into a folder that is a link itself. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

export async function createWebhookFiles(files: Readonly<Record<string, string>> = {}): Promise<WebhookFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'external-secrets-webhook-'));
  let versions = 0;
  const write = async (contents: Readonly<Record<string, string>>): Promise<void> => {
    const version = `..version-${(versions += 1)}`;
    await mkdir(join(folder, version));
    for (const [name, text] of Object.entries(contents)) {
      await writeFile(join(folder, version, name), text);
      await symlink(join('..data', name), join(folder, name)).catch(ignoreExisting);
    }
    await symlink(version, join(folder, '..next'));
    await rename(join(folder, '..next'), join(folder, '..data'));
  };
  await write(files);
  return { folder, write, remove: () => rm(folder, { recursive: true, force: true }) };
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
