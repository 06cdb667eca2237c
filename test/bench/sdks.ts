/** How much memory each cloud's SDK takes in a process that has the operator's own modules already. */
import { spawnSync } from 'node:child_process';
import type { Figures } from './measurements.ts';

/** What each provider imports when its first store is opened. */
const sdks: Readonly<Record<string, readonly string[]>> = {
  aws: ['@aws-sdk/client-secrets-manager', '@aws-sdk/client-sts'],
  azurekv: ['@azure/identity', '@azure/keyvault-secrets', '@azure/keyvault-keys', '@azure/keyvault-certificates'],
  gcpsm: ['@google-cloud/secret-manager/build/src/v1/index.js', 'google-auth-library'],
  vault: ['node-vault'],
};

const root = new URL('../../', import.meta.url);

export function measureSdks(): Figures {
  const withoutMb = rssMb([]);
  return Object.fromEntries(
    Object.entries(sdks).map(([name, packages]) => [
      `RSS of the SDK: ${name}`,
      `${(rssMb(packages) - withoutMb).toFixed(0)} MB`,
    ]),
  );
}

/** Of a process with the operator's modules and these packages, in MB of 10⁶ bytes. */
function rssMb(packages: readonly string[]): number {
  const script = `
    await import(${JSON.stringify(new URL('src/cmd/operator/operator.ts', root).href)});
    for (const name of ${JSON.stringify(packages)}) await import(name);
    gc();
    console.log(process.memoryUsage.rss() / 1e6);
  `;
  const args = ['--expose-gc', '--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const megabytes = Number(stdout);
  if (stdout === '' || Number.isNaN(megabytes)) throw new Error(`cannot measure ${packages.join(', ')}: ${stderr}`);
  return megabytes;
}
