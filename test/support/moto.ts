/** moto, an imitation of AWS by others, on 127.0.0.1: what it answers was not written by whoever wrote the provider. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cacheFolder } from './cachefolder.ts';
import { type Component, killComponent, logOf, startComponent } from './component.ts';
import { freePorts } from './controlplane.ts';

export interface Moto {
  readonly url: string;
  /** ESO's endpoint variables, all naming it. */
  env(): Record<string, string>;
  /** Forgets everything. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** The machine has neither moto nor a Python to install it with. */
export class NoMotoError extends Error {
  override readonly name = 'NoMotoError';
}

const version = '5.2.1';
const readyTimeoutMs = 60_000;
const run = promisify(execFile);

/**
 * For `describe.skipIf`; says why on the console. With `CI=true` there is no excuse.
 * @throws when moto cannot be installed though there is a Python
 */
export async function lacksMoto(): Promise<boolean> {
  try {
    await pythonWithMoto();
    return false;
  } catch (error) {
    if (!(error instanceof NoMotoError) || process.env['CI'] === 'true') throw error;
    console.warn(`the suites on moto are skipped: ${error.message}`);
    return true;
  }
}

/** @throws NoMotoError, or an Error with the end of its log */
export async function startMoto(): Promise<Moto> {
  const command = await pythonWithMoto();
  const folder = await mkdtemp(join(tmpdir(), 'external-secrets-moto-'));
  const [port] = await freePorts(1);
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
  const component: Component = { name: 'moto', folder, command, args };
  const url = `http://127.0.0.1:${port}`;
  await startComponent(component);
  await untilReady(url, component);
  return {
    url,
    env: () => ({ AWS_SECRETSMANAGER_ENDPOINT: url, AWS_SSM_ENDPOINT: url, AWS_STS_ENDPOINT: url }),
    async reset() {
      await fetch(`${url}/moto-api/reset`, { method: 'POST' });
    },
    async stop() {
      await killComponent(component);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The machine's own Python if it has moto in this version, else one in the cache, which is made once. */
async function pythonWithMoto(): Promise<string> {
  const folder = join(cacheFolder(), `moto-${version}`);
  const cached = join(folder, 'bin', 'python');
  if (existsSync(cached)) return cached;
  if ((await motoOf('python3')) === version) return executableOf('python3');
  await install(folder);
  return cached;
}

/** Undefined without moto. @throws NoMotoError without Python */
async function motoOf(python: string): Promise<string | undefined> {
  try {
    return (await run(python, ['-c', 'import moto, flask, flask_cors; print(moto.__version__)'])).stdout.trim();
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isMissing) throw new NoMotoError('there is no python3', { cause });
    return undefined;
  }
}

/** Itself, not a script that starts it: the process is stopped by its pid. */
async function executableOf(python: string): Promise<string> {
  return (await run(python, ['-c', 'import sys; print(sys.executable)'])).stdout.trim();
}

/** A virtual environment knows where it is, so it is made in its place; what is not finished has no `python` yet. */
async function install(folder: string): Promise<void> {
  console.log(`installing moto ${version} (a minute, once)`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(cacheFolder(), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', folder]);
  } catch (cause) {
    throw new NoMotoError('python3 cannot make virtual environments', { cause });
  }
  const [python, hidden] = [join(folder, 'bin', 'python'), join(folder, 'bin', 'python-unfinished')];
  await rename(python, hidden);
  await run(hidden, ['-m', 'pip', 'install', '--quiet', `moto[server]==${version}`], { maxBuffer: 1 << 24 });
  await rename(hidden, python);
}

async function untilReady(url: string, component: Component): Promise<void> {
  for (const startedAt = Date.now(); !(await isReady(url)); await wait(100)) {
    if (Date.now() - startedAt < readyTimeoutMs) continue;
    const log = await logOf(component);
    await killComponent(component);
    throw new Error(`moto is not ready: ${log}`);
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/moto-api/data.json`).then(
    (response) => response.ok,
    () => false,
  );
}
