import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Secret } from '../../kube/resources.ts';
import { SecretFiles } from './secretfiles.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'secretfiles-test-'));
});
afterEach(() => rm(root, { recursive: true }));

function secretWith(data: Readonly<Record<string, string | Uint8Array>>): Secret {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { metadata: { name: 'db', namespace: 'production' }, data: Object.fromEntries(encoded) };
}

const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('Secrets as files', () => {
  it('are readable by their owner alone', async () => {
    const files = new SecretFiles(root);
    files.write(secretWith({ password: 'x' }));
    await files.settle();
    const folder = join(root, 'production', 'db');
    expect([await mode(folder), await mode(join(folder, 'password'))]).toEqual([0o700, 0o600]);
  });

  it('hold every byte', async () => {
    const bytes = Uint8Array.of(0, 255, 128, 10);
    const files = new SecretFiles(root);
    files.write(secretWith({ '.hidden.bin': bytes }));
    await files.settle();
    expect(new Uint8Array(await readFile(join(root, 'production', 'db', '.hidden.bin')))).toEqual(bytes);
  });

  it('follow the last state: keys that are gone go, and Secrets that are gone too', async () => {
    const files = new SecretFiles(root);
    files.write(secretWith({ a: '1', b: '2' }));
    files.write(secretWith({ b: '3' }));
    await files.settle();
    expect(await readdir(join(root, 'production', 'db'))).toEqual(['b']);
    files.remove(secretWith({}));
    await files.settle();
    expect(await readdir(join(root, 'production'))).toEqual([]);
  });

  it('that cannot be written are an error in the end', async () => {
    const files = new SecretFiles('/dev/null/impossible');
    files.write(secretWith({ a: '1' }));
    await expect(files.settle()).rejects.toThrow('ENOTDIR');
  });
});
