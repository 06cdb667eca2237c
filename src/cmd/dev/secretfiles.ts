/** `--out`: each managed Secret as a folder with a file for each key, readable by its owner alone. */
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secret } from '../../kube/resources.ts';

export class SecretFiles {
  readonly #root: string;
  /** What was asked for comes one after the other: the last state wins. */
  #queue: Promise<void> = Promise.resolve();

  constructor(root: string) {
    this.#root = root;
  }

  /** Writes the keys, removes those that are gone. Keys of Secrets are safe as file names. */
  write(secret: Secret): void {
    this.#after(async () => {
      const folder = this.#folderOf(secret);
      const data = secret.data ?? {};
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      for (const [key, value] of Object.entries(data)) await replaceFile(folder, key, Buffer.from(value, 'base64'));
      for (const name of await readdir(folder)) if (!Object.hasOwn(data, name)) await rm(join(folder, name));
    });
  }

  remove(secret: Secret): void {
    this.#after(() => rm(this.#folderOf(secret), { recursive: true, force: true }));
  }

  /** @throws what writing failed with */
  async settle(): Promise<void> {
    await this.#queue;
  }

  #after(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work);
    // Whoever settles hears of it.
    this.#queue.catch(() => undefined);
  }

  #folderOf({ metadata }: Secret): string {
    return join(this.#root, metadata.namespace ?? 'default', metadata.name ?? '');
  }
}

/** Readers see the old content or the new one, never half of it. */
async function replaceFile(folder: string, key: string, content: Buffer): Promise<void> {
  const next = join(folder, `..${key}.next`);
  await writeFile(next, content, { mode: 0o600 });
  await rename(next, join(folder, key));
}
