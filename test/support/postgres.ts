/** A real PostgreSQL on 127.0.0.1, with passwords. In CI it is installed where it is missing. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The machine has no PostgreSQL. */
export class NoPostgresError extends Error {
  override readonly name = 'NoPostgresError';
}

export interface Postgres {
  readonly port: number;
  readonly user: 'postgres';
  readonly password: string;
  /** Runs SQL as somebody, in a new connection. @throws with the server's words when it is refused */
  query(sql: string, as?: Login): Promise<string>;
  stop(): Promise<void>;
}

export interface Login {
  readonly user: string;
  readonly password: string;
}

const superuser = { user: 'postgres', password: 'superuser' } as const;
const debianFolder = '/usr/lib/postgresql';

/** For `describe.skipIf`; says why on the console. With `CI=true` there is no excuse. */
export async function lacksPostgres(): Promise<boolean> {
  try {
    await findPrograms();
    return false;
  } catch (error) {
    if (!(error instanceof NoPostgresError) || process.env['CI'] === 'true') throw error;
    console.warn(`the suites on a real PostgreSQL are skipped: ${error.message}`);
    return true;
  }
}

/** @throws NoPostgresError */
export async function startPostgres(): Promise<Postgres> {
  const programs = await findPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'external-secrets-postgres-'));
  const [data, passwordFile] = [join(folder, 'data'), join(folder, 'password')];
  await writeFile(passwordFile, superuser.password);
  await chmod(passwordFile, 0o644);
  if (isRoot()) await run('chown', ['postgres', folder]);
  const port = await freePort();
  const initial = ['-D', data, '-U', superuser.user, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'];
  await asServer(join(programs, 'initdb'), initial);
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder} -c fsync=off`;
  await asServer(join(programs, 'pg_ctl'), ['-D', data, '-w', '-o', options, '-l', join(folder, 'log'), 'start']);
  return {
    port,
    ...superuser,
    query: (sql, as = superuser) => query(join(programs, 'psql'), port, sql, as),
    async stop() {
      await asServer(join(programs, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop']);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function query(psql: string, port: number, sql: string, { user, password }: Login): Promise<string> {
  const args = ['-h', '127.0.0.1', '-p', String(port), '-U', user, '-d', 'postgres', '-w', '-A', '-t', '-c', sql];
  const env = { PATH: process.env['PATH'], PGPASSWORD: password, PGCONNECT_TIMEOUT: '10' };
  return (await run(psql, args, { env })).stdout.trim();
}

/** @throws NoPostgresError */
async function findPrograms(): Promise<string> {
  const found = newestPrograms();
  if (found !== undefined) return found;
  if (process.env['CI'] !== 'true') throw new NoPostgresError(`there is none in ${debianFolder}`);
  const sudo = isRoot() ? [] : ['sudo'];
  for (const command of ['update', 'install -y --no-install-recommends postgresql']) {
    const [program = '', ...args] = [...sudo, 'apt-get', ...command.split(' ')];
    await run(program, args);
  }
  return newestPrograms() ?? missing();
}

function newestPrograms(): string | undefined {
  if (!existsSync(debianFolder)) return undefined;
  const versions = readdirSync(debianFolder).sort((left, right) => Number(right) - Number(left));
  return versions.map((version) => join(debianFolder, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

function missing(): never {
  throw new NoPostgresError('it could not be installed');
}

/** The server refuses to be root. */
async function asServer(program: string, args: readonly string[]): Promise<void> {
  if (isRoot()) await run('runuser', ['-u', 'postgres', '--', program, ...args], { cwd: tmpdir() });
  else await run(program, args);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    // A server that listens on TCP has an address of this form.
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}
