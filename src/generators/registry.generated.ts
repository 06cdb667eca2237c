/** Every generator of this build, by its kind; loaded when it is asked for. Written by `npm run generate`. */
import type { Generator } from '../provider/generator.ts';
import { onDemand, type Registry } from '../provider/registry.ts';

export const generators: Registry<Generator> = new Map<string, () => Promise<Generator>>([
  ['Fake', onDemand(async () => (await import('./fake/index.ts')).generator)],
  ['Password', onDemand(async () => (await import('./password/index.ts')).generator)],
  ['UUID', onDemand(async () => (await import('./uuid/index.ts')).generator)],
]);
