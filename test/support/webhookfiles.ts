/** The folder that a webhook reads its certificate from, as the kubelet would fill it from the Secret. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface WebhookFiles {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

export async function createWebhookFiles(files: Readonly<Record<string, string>> = {}): Promise<WebhookFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'external-secrets-webhook-'));
  const write = async (contents: Readonly<Record<string, string>>): Promise<void> => {
    await Promise.all(Object.entries(contents).map(([name, text]) => writeFile(join(folder, name), text)));
  };
  await write(files);
  return { folder, write, remove: () => rm(folder, { recursive: true, force: true }) };
}
