/** Template engines for the controllers: each text is compiled once and kept while it is in use. */
import { LruCache } from '../../lib/lrucache.ts';
import type { SecretMap } from '../../provider/provider.ts';
import { type CompileOptions, type Template, TemplateCompiler } from '../../template/index.ts';
import type { EngineFor, TemplateEngine } from './render.ts';

/** Compiled templates of so many texts are kept; a text takes some kilobytes. */
const maxTemplates = 2_000;

/** @param options delimiters and limits from the flags */
export function templateEngines(options: CompileOptions): EngineFor {
  const v2 = new GoTemplateEngine(options);
  return () => v2;
}

/** `engineVersion: v2`: Go's text/template. */
export class GoTemplateEngine implements TemplateEngine {
  readonly #compiler = new TemplateCompiler();
  readonly #options: CompileOptions;
  readonly #templates = new LruCache<string, Template>(maxTemplates);

  constructor(options: CompileOptions) {
    this.#options = options;
  }

  render(text: string, values: SecretMap, name: string): Uint8Array {
    return this.#templateOf(text, name).render(values);
  }

  /** Errors name the template, so the same text under two names is two templates. */
  #templateOf(text: string, name: string): Template {
    const key = `${name}\n${text}`;
    const known = this.#templates.get(key);
    if (known !== undefined) return known;
    const template = this.#compiler.compile(text, { ...this.#options, name });
    this.#templates.set(key, template);
    return template;
  }
}
