/** Every generator of this build, by its kind. Written by `npm run generate`. */
import type { Generator } from '../provider/generator.ts';
import { generator as fake } from './fake/index.ts';
import { generator as password } from './password/index.ts';
import { generator as uuid } from './uuid/index.ts';

const all: readonly Generator[] = [fake, password, uuid];

export const generators: ReadonlyMap<string, Generator> = new Map(all.map((generator) => [generator.kind, generator]));
