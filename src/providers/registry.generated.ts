/** Every provider of this build, by its key under `spec.provider`. Written by `npm run generate`. */
import type { Provider } from '../provider/provider.ts';
import { provider as aws } from './aws/index.ts';
import { provider as azurekv } from './azurekv/index.ts';
import { provider as fake } from './fake/index.ts';
import { provider as gcpsm } from './gcpsm/index.ts';
import { provider as kubernetes } from './kubernetes/index.ts';
import { provider as vault } from './vault/index.ts';

const all: readonly Provider[] = [aws, azurekv, fake, gcpsm, kubernetes, vault];

export const providers: ReadonlyMap<string, Provider> = new Map(all.map((provider) => [provider.name, provider]));
