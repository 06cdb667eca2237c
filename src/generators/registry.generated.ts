/** Every generator of this build, by its kind. Written by `npm run generate`. */
import type { Generator } from '../provider/generator.ts';

const all: readonly Generator[] = [];

export const generators: ReadonlyMap<string, Generator> = new Map(all.map((generator) => [generator.kind, generator]));
