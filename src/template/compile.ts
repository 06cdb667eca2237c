/** From text to a template that can be rendered many times. */
import { type Limits, StepBudget } from './budget.ts';
import { TemplateError } from './errors.ts';
import { execute } from './execute.ts';
import { type FunctionRuntime, type FunctionTable, LimitError } from './function.ts';
import type { MissingKey } from './members.ts';
import type { TemplateTree } from './node.ts';
import { parse } from './parse.ts';
import { encodeUtf8 } from './text/utf8.ts';
import { stringMapType } from './types.ts';
import { GoMap, type Value } from './value.ts';

export interface CompileSettings {
  readonly name: string;
  readonly leftDelimiter: string;
  readonly rightDelimiter: string;
  readonly missingKey: MissingKey;
  readonly functions: FunctionTable;
  readonly limits: Limits;
  readonly now: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** Secret values by name; text stands for its UTF-8 bytes. */
export type TemplateData = ReadonlyMap<string, Uint8Array | string> | Readonly<Record<string, Uint8Array | string>>;

/** Parsed once; rendering shares nothing between calls. */
export class Template {
  readonly #text: string;
  readonly #trees: ReadonlyMap<string, TemplateTree>;
  readonly #settings: CompileSettings;

  /** @throws TemplateError of phase `parse` */
  constructor(text: string, settings: CompileSettings) {
    this.#text = encodeUtf8(text);
    this.#settings = settings;
    this.#trees = parse(this.#text, {
      name: settings.name,
      left: settings.leftDelimiter,
      right: settings.rightDelimiter,
      isFunction: (name) => settings.functions.has(name),
    });
  }

  /**
   * Renders with the data as the dot, a `map[string]string`.
   * @throws TemplateError of phase `exec` or `limit`
   */
  render(data: TemplateData): Uint8Array {
    const entries = data instanceof Map ? data : Object.entries(data);
    const dot = new Map<string, Value>();
    for (const [key, value] of entries) dot.set(encodeUtf8(key), byteString(value));
    return Buffer.from(this.renderValue(new GoMap(stringMapType, dot)), 'latin1');
  }

  /** Renders with any value as the dot; answers bytes as a string of char codes 0 to 255. */
  renderValue(dot: Value): string {
    const { name, functions, missingKey, limits, now, randomBytes } = this.#settings;
    const budget = new StepBudget(limits);
    const runtime: FunctionRuntime = { budget, now, randomBytes };
    const execution = { name, text: this.#text, trees: this.#trees, functions, missingKey, runtime, budget };
    try {
      return execute(execution, dot);
    } catch (error) {
      throw asTemplateError(name, error);
    }
  }
}

/** Whatever goes wrong leaves as one type of error; a stack that is used up is a limit like any other. */
function asTemplateError(name: string, error: unknown): Error {
  if (error instanceof TemplateError) return error;
  if (error instanceof LimitError || error instanceof RangeError) {
    const message = error instanceof LimitError ? error.message : 'the template is nested too deeply or too large';
    return new TemplateError('limit', { template: name, line: 0 }, `template: ${name}: ${message}`, { cause: error });
  }
  return error instanceof Error ? error : new Error('failed', { cause: error });
}

function byteString(value: Uint8Array | string): string {
  if (typeof value === 'string') return encodeUtf8(value);
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
}
