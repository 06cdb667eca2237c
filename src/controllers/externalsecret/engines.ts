/** Template engines for the controllers: each text is compiled once and kept while it is in use. */
import { LruCache } from '../../lib/lrucache.ts';
import type { SecretMap } from '../../provider/provider.ts';
import { toError } from '../../runtime/errors.ts';
import { HandlebarsCompiler } from '../../template/handlebars/index.ts';
import { type CompileOptions, TemplateCompiler } from '../../template/index.ts';
import { hideQuotations } from './opentexts.ts';
import type { EngineFor, TemplateEngine } from './render.ts';

/** Compiled templates of so many texts are kept; a text takes some kilobytes. */
const maxTemplates = 2_000;

/** @param options delimiters and limits from the flags; of these, handlebars has limits alone */
export function templateEngines(options: CompileOptions): EngineFor {
  const v2 = new GoTemplateEngine(options);
  let handlebars: HandlebarsEngine | undefined;
  return (engineVersion) => (engineVersion === 'handlebars' ? (handlebars ??= new HandlebarsEngine(options)) : v2);
}

/** `engineVersion: v2`: Go's text/template. */
export class GoTemplateEngine implements TemplateEngine {
  readonly #compiler = new TemplateCompiler();
  readonly #templates: CompiledTemplates;

  constructor(options: CompileOptions) {
    this.#templates = new CompiledTemplates((text, name) => this.#compiler.compile(text, { ...options, name }));
  }

  render(text: string, values: SecretMap, name: string): Uint8Array {
    return this.#templates.render(text, values, name);
  }
}

/** `engineVersion: handlebars`. */
class HandlebarsEngine implements TemplateEngine {
  readonly #compiler = new HandlebarsCompiler();
  readonly #templates: CompiledTemplates;

  constructor({ limits = {} }: CompileOptions) {
    this.#templates = new CompiledTemplates((text, name) => this.#compiler.compile(text, { limits, name }));
  }

  render(text: string, values: SecretMap, name: string): Uint8Array {
    return this.#templates.render(text, values, name);
  }
}

interface CompiledTemplate {
  render(values: SecretMap): Uint8Array;
}

/** Their errors repeat nothing but what stands in the template. */
class CompiledTemplates {
  readonly #compile: (text: string, name: string) => CompiledTemplate;
  readonly #known = new LruCache<string, CompiledTemplate>(maxTemplates);

  constructor(compile: (text: string, name: string) => CompiledTemplate) {
    this.#compile = compile;
  }

  render(text: string, values: SecretMap, name: string): Uint8Array {
    const template = this.#of(text, name);
    try {
      return template.render(values);
    } catch (error) {
      throw new Error(hideQuotations(toError(error).message, `${name}\n${text}`), { cause: error });
    }
  }

  /** Errors name the template, so the same text under two names is two templates. */
  #of(text: string, name: string): CompiledTemplate {
    const key = `${name}\n${text}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const compiled = this.#compile(text, name);
    this.#known.set(key, compiled);
    return compiled;
  }
}
