/** The files of the image, laid out as its Dockerfile does. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Into a folder that is not there yet; nobody may write to it afterwards. */
export async function layImageOut(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await run(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root });
  await run(process.execPath, [join(root, 'scripts', 'image-files.mjs'), folder], { cwd: root });
  await run('chmod', ['-R', 'a+rX,a-w', folder]);
}
