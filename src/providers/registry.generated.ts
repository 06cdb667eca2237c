/** Every provider of this build, by its key under `spec.provider`; loaded when it is asked for. Written by `npm run generate`. */
import type { Provider } from '../provider/provider.ts';
import { onDemand, type Registry } from '../provider/registry.ts';

export const providers: Registry<Provider> = new Map<string, () => Promise<Provider>>([
  ['aws', onDemand(async () => (await import('./aws/index.ts')).provider)],
  ['azurekv', onDemand(async () => (await import('./azurekv/index.ts')).provider)],
  ['fake', onDemand(async () => (await import('./fake/index.ts')).provider)],
  ['gcpsm', onDemand(async () => (await import('./gcpsm/index.ts')).provider)],
  ['kubernetes', onDemand(async () => (await import('./kubernetes/index.ts')).provider)],
  ['vault', onDemand(async () => (await import('./vault/index.ts')).provider)],
]);
