/** Whatever goes wrong in Handlebars, as the engine's own error: with a place where there is one, and without values. */
import { TemplateError, type TemplatePhase } from '../errors.ts';
import { LimitError } from '../function.ts';
import { HelperError } from './declaration.ts';

const tooDeep = 'the template is nested too deeply or too large';

export function parseFailure(name: string, error: unknown): Error {
  if (error instanceof TemplateError) return error;
  if (error instanceof RangeError) return failure('parse', name, undefined, tooDeep);
  if (!(error instanceof Error)) return new Error('failed', { cause: error });
  const [, line, problem] = /^Parse error on line (\d+):\n([^]*)$/.exec(error.message) ?? [];
  const message = problem === undefined ? error.message : `parse error: ${expectationOf(problem)}`;
  return failure('parse', name, line === undefined ? placeOf(error) : { line: Number(line) }, message);
}

/** The parser shows the text, a pointer to the place in it, and then what it expected there. */
function expectationOf(problem: string): string {
  return problem.split('\n').at(-1) ?? problem;
}

/** JavaScript's messages, and those of Handlebars about missing values, quote what they are about: they stay inside. */
export function renderFailure(name: string, error: unknown): Error {
  if (error instanceof TemplateError) return error;
  if (error instanceof LimitError) return failure('limit', name, undefined, error.message);
  if (error instanceof RangeError) return failure('limit', name, undefined, tooDeep);
  if (error instanceof HelperError) return failure('exec', name, undefined, error.message);
  if (error instanceof TypeError)
    return failure('exec', name, undefined, 'a member of something that has none is asked for');
  if (!(error instanceof Error)) return new Error('failed', { cause: error });
  const [, missing] = /^"([^"]*)" not defined in /.exec(error.message) ?? [];
  return failure('exec', name, placeOf(error), missing === undefined ? error.message : `"${missing}" is not defined`);
}

interface Place {
  readonly line: number;
  readonly column?: number;
}

/** Handlebars' own exceptions carry their place. */
function placeOf(error: Error): Place | undefined {
  if (!('lineNumber' in error) || typeof error.lineNumber !== 'number') return undefined;
  const column = 'column' in error && typeof error.column === 'number' ? { column: error.column } : {};
  return { line: error.lineNumber, ...column };
}

function failure(phase: TemplatePhase, name: string, place: Place | undefined, message: string): TemplateError {
  const where = place === undefined ? '' : `:${place.line}${place.column === undefined ? '' : `:${place.column}`}`;
  return new TemplateError(phase, { template: name, line: 0, ...place }, `template: ${name}${where}: ${message}`);
}
