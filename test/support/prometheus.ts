/** Prometheus and promtool: out of Debian's package, kept in the cache folder; nothing of it is installed. */
import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from './cachefolder.ts';

const run = promisify(execFile);

export interface ToolResult {
  readonly code: number;
  readonly output: string;
}

/** Never rejects because of what promtool finds. */
export type Promtool = (args: readonly string[], input?: string) => Promise<ToolResult>;

/** Or why it cannot be had, where packages are not Debian's. @throws in CI, where a tier that cannot run is a failure */
export async function findPromtool(): Promise<Promtool | string> {
  try {
    const folder = await cachedFolder('prometheus-debian', unpack);
    const binary = join(folder, 'usr', 'bin', 'promtool');
    await run(binary, ['--version']);
    return (args, input) => runTool(binary, args, input);
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return `promtool cannot be had: ${String(error)}`;
  }
}

async function unpack(folder: string): Promise<void> {
  // The list of packages may be an old one.
  await download(folder).catch(async () => {
    await run('apt-get', ['update', '--quiet']);
    await download(folder);
  });
  for (const file of await readdir(folder)) {
    await run('dpkg', ['-x', file, '.'], { cwd: folder });
    await rm(join(folder, file));
  }
}

async function download(folder: string): Promise<void> {
  await run('apt-get', ['download', '--quiet', 'prometheus'], { cwd: folder });
}

function runTool(binary: string, args: readonly string[], input = ''): Promise<ToolResult> {
  return new Promise((resolve) => {
    const child = execFile(binary, [...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : Number(error !== null);
      resolve({ code, output: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}
