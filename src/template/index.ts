/**
 * Go's text/template with the functions of sprig and External Secrets Operator, byte for byte.
 *
 * ```ts
 * const template = compile('postgresql://{{ .user }}@{{ .host | lower }}');
 * template.render({ user: 'app', host: 'DB' }); // Uint8Array of "postgresql://app@db"
 * ```
 */
import { randomBytes } from 'node:crypto';
import { defaultLimits, type Limits } from './budget.ts';
import { type CompileSettings, Template } from './compile.ts';
import type { FunctionTable } from './function.ts';
import { allFunctions } from './functions.ts';
import type { MissingKey } from './members.ts';

export { defaultLimits, type Limits } from './budget.ts';
export { Template, type TemplateData } from './compile.ts';
export { TemplateError, type TemplatePhase, type TemplatePlace } from './errors.ts';
export type { MissingKey } from './members.ts';

export interface CompileOptions {
  /** What errors call the template. Default `tpl`. */
  readonly name?: string;
  readonly leftDelimiter?: string;
  readonly rightDelimiter?: string;
  /** A key that the data lacks: an error, `<no value>`, or the zero value. Default `error`. */
  readonly missingKey?: MissingKey;
  readonly limits?: Partial<Limits>;
  /** Epoch milliseconds, for `now` and its kin. */
  readonly now?: () => number;
  readonly randomBytes?: (length: number) => Uint8Array;
}

/** Compiles templates with one table of functions. */
export class TemplateCompiler {
  readonly #functions: FunctionTable = allFunctions();

  /** @throws TemplateError of phase `parse` */
  compile(text: string, options: CompileOptions = {}): Template {
    return new Template(text, settingsOf(options, this.#functions));
  }
}

/** @throws TemplateError of phase `parse` */
export function compile(text: string, options: CompileOptions = {}): Template {
  return new TemplateCompiler().compile(text, options);
}

function settingsOf(options: CompileOptions, functions: FunctionTable): CompileSettings {
  return {
    name: options.name ?? 'tpl',
    leftDelimiter: options.leftDelimiter || '{{',
    rightDelimiter: options.rightDelimiter || '}}',
    missingKey: options.missingKey ?? 'error',
    functions,
    limits: { ...defaultLimits, ...options.limits },
    now: options.now ?? Date.now,
    randomBytes: options.randomBytes ?? randomBytes,
  };
}
