/** Programs out of Debian's packages, kept in the cache folder; nothing of them is installed. */
import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from './cachefolder.ts';

const run = promisify(execFile);

export interface ProgramResult {
  readonly code: number;
  readonly output: string;
}

/** Never rejects because of what the program says. */
export type Program = (args: readonly string[], input?: string) => Promise<ProgramResult>;

/** Or why it cannot be had, where packages are not Debian's. @throws in CI, where a tier that cannot run is a failure */
export async function findProgram(packageName: string, path: string): Promise<Program | string> {
  try {
    const folder = await cachedFolder(`debian-${packageName}`, (unfinished) => unpackPackage(packageName, unfinished));
    const binary = join(folder, path);
    await run(binary, ['-v']).catch(() => run(binary, ['--version']));
    return (args, input) => runProgram(binary, args, input);
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return `${packageName} cannot be had: ${String(error)}`;
  }
}

/** @throws where packages are not Debian's */
export async function unpackPackage(packageName: string, folder: string): Promise<void> {
  const download = () => run('apt-get', ['download', '--quiet', packageName], { cwd: folder });
  // The list of packages may be an old one.
  await download().catch(async () => {
    await run('apt-get', ['update', '--quiet']);
    await download();
  });
  for (const file of await readdir(folder)) {
    await run('dpkg', ['-x', file, '.'], { cwd: folder });
    await rm(join(folder, file));
  }
}

function runProgram(binary: string, args: readonly string[], input = ''): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = execFile(binary, [...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : Number(error !== null);
      resolve({ code, output: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}
