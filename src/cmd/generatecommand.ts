/** `external-secrets generate`, for whoever changes the API types or adds a provider. */
import { Command } from 'commander';

export function generateCommand(): Command {
  return new Command('generate')
    .description('writes CRDs, registries and the API reference of a checkout')
    .option('--check', 'only compare; fail when something is stale', false)
    .action(async ({ check }: { check: boolean }) => {
      const { generate } = await import('./generate.ts');
      const root = new URL('../../', import.meta.url);
      const isUpToDate = await generate({ root, check, print: console.log });
      if (!isUpToDate) process.exitCode = 1;
    });
}
