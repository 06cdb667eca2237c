/** A server process with a file for its pid and one for its log, so that any process can stop it. */
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive } from './alive.ts';

export interface Component {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Where its files are. */
  readonly folder: string;
}

/** Outlives the process that starts it: whoever starts it has to stop it. */
export async function startComponent({ name, command, args, folder }: Component): Promise<void> {
  const log = openSync(join(folder, `${name}.log`), 'a');
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', log, log], detached: true });
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  await writeFile(pidFile(folder, name), String(child.pid));
}

/** Kills it at once, and waits until it is gone. */
export async function killComponent({ name, folder }: Pick<Component, 'name' | 'folder'>): Promise<void> {
  const pid = Number(await readFile(pidFile(folder, name), 'utf8').catch(() => '0'));
  if (pid === 0) return;
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await wait(20);
  await rm(pidFile(folder, name), { force: true });
}

export async function logOf({ name, folder }: Pick<Component, 'name' | 'folder'>): Promise<string> {
  return (await readFile(join(folder, `${name}.log`), 'utf8').catch(() => '')).slice(-2_000);
}

function pidFile(folder: string, name: string): string {
  return join(folder, `${name}.pid`);
}
