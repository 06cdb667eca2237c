/** Every provider of this build, by its key under `spec.provider`. Written by `npm run generate`. */
import type { Provider } from '../provider/provider.ts';

const all: readonly Provider[] = [];

export const providers: ReadonlyMap<string, Provider> = new Map(all.map((provider) => [provider.name, provider]));
