/**
 * `engineVersion: handlebars`: the templates of handlebarsjs.com, for those to whom Go's are foreign. Strict: a missing
 * value is an error. Nothing is escaped, since the output is not HTML. No member of a prototype can be reached; there are
 * no partials, and no helpers but those of environment.ts.
 *
 * ```ts
 * const template = new HandlebarsCompiler().compile('postgresql://{{user}}@{{lower host}}');
 * template.render({ user: 'app', host: 'DB' }); // Uint8Array of "postgresql://app@db"
 * ```
 */
import { defaultLimits, type Limits, StepBudget } from '../budget.ts';
import type { TemplateData } from '../compile.ts';
import { TemplateError } from '../errors.ts';
import { bytesOfText, textOfBytes } from './bytetext.ts';
import { excessOf } from './complexity.ts';
import { helperNames, newEnvironment } from './environment.ts';
import { parseFailure, renderFailure } from './failure.ts';
import { firstFinding } from './inspect.ts';
import { type Library, loadHandlebars } from './library.ts';
import { type HandlebarsRecord, recordOf } from './record.ts';
import { makeStrict } from './strictness.ts';

export interface HandlebarsOptions {
  /** What errors call the template. Default `tpl`. */
  readonly name?: string;
  readonly limits?: Partial<Limits>;
}

/** Compiled once; rendering shares nothing between calls. */
export interface HandlebarsTemplate {
  /** @throws TemplateError of phase `exec` or `limit` */
  render(data: TemplateData): Uint8Array;
}

type Render = (context: HandlebarsRecord, options: Handlebars.RuntimeOptions) => string;

/** Prototypes are closed without a word in the log; what is denied is simply missing. */
const closed = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };

/** Compiles templates with one set of helpers. */
export class HandlebarsCompiler {
  /** Of the rendering that is going on; renderings do not overlap. */
  #budget = new StepBudget(defaultLimits);
  readonly #library: Library = loadHandlebars();
  readonly #environment: Library = newEnvironment(this.#library, () => this.#budget);

  /** @throws TemplateError of phase `parse` */
  compile(text: string, options: HandlebarsOptions = {}): HandlebarsTemplate {
    const name = options.name ?? 'tpl';
    const limits: Limits = { ...defaultLimits, ...options.limits };
    const render = this.#compile(text, name);
    return {
      render: (data) => {
        this.#budget = new StepBudget(limits);
        try {
          const output = bytesOfText(render(contextOf(data), closed));
          this.#budget.checkOutput(output.length);
          return output;
        } catch (error) {
          throw renderFailure(name, error);
        }
      },
    };
  }

  #compile(text: string, name: string): Render {
    const excess = excessOf(text);
    if (excess !== undefined)
      throw new TemplateError('parse', { template: name, line: 0 }, `template: ${name}: ${excess}`);
    try {
      const program = this.#environment.parse(text);
      const found = firstFinding(this.#library, program, helperNames);
      makeStrict(this.#library, program);
      if (found === undefined) return this.#environment.compile(program, { strict: true, noEscape: true });
      const { message, line, column } = found;
      throw new TemplateError(
        'parse',
        { template: name, line, column },
        `template: ${name}:${line}:${column}: ${message}`,
      );
    } catch (error) {
      throw parseFailure(name, error);
    }
  }
}

function contextOf(data: TemplateData): HandlebarsRecord {
  const entries: Iterable<readonly [string, Uint8Array | string]> = data instanceof Map ? data : Object.entries(data);
  return recordOf(Array.from(entries, ([key, value]) => [key, typeof value === 'string' ? value : textOfBytes(value)]));
}
