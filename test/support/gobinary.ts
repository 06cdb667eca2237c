/** Builds a Go module of `test/` once, and again only when its source changed. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isAlive } from './alive.ts';
import { cacheFolder } from './cachefolder.ts';

export interface GoModule {
  /** The folder below `test/`. */
  readonly name: string;
  /** The name of the binary. */
  readonly binary: string;
  /** What is built: a tool that its go.mod names; default the module itself. */
  readonly package?: string;
  readonly ldflags: string;
  /** What to tell people who wait. */
  readonly duration: string;
}

/** The machine has no Go. */
export class NoGoError extends Error {
  override readonly name = 'NoGoError';
}

const progressEveryMs = 15_000;

/** Where the binary of the module as it is now is, or will be. */
export async function binaryPath(module: GoModule): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await readdir(sourceFolder(module))).toSorted())
    hash.update(await readFile(join(sourceFolder(module), file)));
  return join(cacheFolder(), `${module.name}-${hash.digest('hex').slice(0, 16)}`, module.binary);
}

/**
 * The path of the binary, which is built when there is none yet; who comes second waits for who came first.
 * @throws NoGoError, or an Error with the end of the compiler's output
 */
export async function buildGoBinary(module: GoModule): Promise<string> {
  const path = await binaryPath(module);
  if (existsSync(path)) return path;
  await expectGo();
  const folder = join(path, '..');
  await mkdir(folder, { recursive: true });
  const release = await lock(join(folder, 'lock'), `another process builds ${module.name}`, () => existsSync(path));
  if (release === undefined) return path;
  try {
    await compile(module, path);
  } finally {
    await release();
  }
  return path;
}

async function expectGo(): Promise<void> {
  const isThere = await new Promise((resolve) => execFile('go', ['version'], (error) => resolve(error === null)));
  if (isThere !== true) throw new NoGoError('Go is not installed, and there is no binary in the cache');
}

async function compile(module: GoModule, path: string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  const logPath = join(path, '..', 'build.log');
  const log = openSync(logPath, 'w');
  const build = ['go', 'build', '-trimpath', `-ldflags=${module.ldflags}`, '-o', unfinished, module.package ?? '.'];
  const args = ['-n', '10', ...build];
  const env = { ...process.env, CGO_ENABLED: '0' };
  const child = spawn('nice', args, { cwd: sourceFolder(module), env, stdio: ['ignore', log, log] });
  const progress = reportProgress(`building ${module.name} (${module.duration})`);
  const code = await new Promise((resolve) => child.on('exit', resolve).on('error', resolve));
  clearInterval(progress);
  if (code !== 0) throw new Error(`go build failed: ${(await readFile(logPath, 'utf8')).slice(-2_000)}`);
  await rename(unfinished, path);
}

function reportProgress(what: string): NodeJS.Timeout {
  const startedAt = Date.now();
  console.log(what);
  return setInterval(() => console.log(`${what}: ${Math.round((Date.now() - startedAt) / 1_000)} s`), progressEveryMs);
}

/** Undefined: somebody else did the work meanwhile. A lock whose process is gone counts for nothing. */
async function lock(folder: string, why: string, isDone: () => boolean): Promise<(() => Promise<void>) | undefined> {
  const owner = join(folder, 'pid');
  for (let isFirst = true; !isDone(); isFirst = false) {
    try {
      await mkdir(folder);
      await writeFile(owner, String(process.pid));
      return () => rm(folder, { recursive: true, force: true });
    } catch (error) {
      if (!isExisting(error)) throw error;
    }
    const pid = Number(await readFile(owner, 'utf8').catch(() => String(process.pid)));
    if (!isAlive(pid)) await rm(folder, { recursive: true, force: true });
    else if (isFirst) console.log(`waiting: ${why}`);
    await wait(1_000);
  }
  return undefined;
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function sourceFolder({ name }: GoModule): string {
  return fileURLToPath(new URL(`../${name}/`, import.meta.url));
}
