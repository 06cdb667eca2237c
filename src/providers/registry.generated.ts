/** Every provider of this build, by its key under `spec.provider`; loaded when it is asked for. Written by `npm run generate`. */
import type { Provider } from '../provider/provider.ts';
import type { Registry } from '../provider/registry.ts';

export const providers: Registry<Provider> = new Map<string, () => Promise<Provider>>([
  ['aws', async () => (await import('./aws/index.ts')).provider],
  ['azurekv', async () => (await import('./azurekv/index.ts')).provider],
  ['fake', async () => (await import('./fake/index.ts')).provider],
  ['gcpsm', async () => (await import('./gcpsm/index.ts')).provider],
  ['kubernetes', async () => (await import('./kubernetes/index.ts')).provider],
  ['vault', async () => (await import('./vault/index.ts')).provider],
]);
