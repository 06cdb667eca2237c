/** The handlebars package, loaded when it is needed first: it takes 9 MB, and most installations have no use for it. */
import { createRequire } from 'node:module';
import type Handlebars from 'handlebars';

export type Library = typeof Handlebars;

export function loadHandlebars(): Library {
  // A CommonJS package, so that it can be loaded on the spot. Node keeps what it has loaded.
  return createRequire(import.meta.url)('handlebars') as Library;
}
