/** Sprig's regular expressions: RE2 in linear time. Those without `must` name the pattern in their errors. */
import { noFlags } from '../fmt/flags.ts';
import { formatString } from '../fmt/strings.ts';
import { define, FunctionError, type FunctionRuntime, LimitError, type TemplateFunction } from '../function.ts';
import { type OnSearch, quoteMeta, Regexp, RegexpError } from '../regexp/index.ts';
import { boolType, type GoType, intType, stringsType, stringType } from '../types.ts';
import { nilSlice, strings, type Value } from '../value.ts';
import { integer, text } from './arguments.ts';
import { chargeBytes } from './cost.ts';

const s = stringType;

export const regexFunctions: readonly TemplateFunction[] = [
  define('regexMatch', [s, s], boolType, ([pattern, value], runtime) =>
    matchesOrFalse(text(pattern), text(value), runtime),
  ),
  define('mustRegexMatch', [s, s], boolType, ([pattern, value], runtime) =>
    compiled(text(pattern), text(value), runtime, true).matches(text(value)),
  ),
  ...withMust('regexFind', [s, s], s, (regexp, [value]) => regexp.find(text(value))),
  ...withMust('regexFindAll', [s, s, intType], stringsType, (regexp, [value, limit]) =>
    orNil(regexp.findAll(text(value), integer(limit))),
  ),
  ...withMust('regexSplit', [s, s, intType], stringsType, (regexp, [value, limit]) => {
    const pieces = regexp.split(text(value), integer(limit));
    return pieces === undefined ? nilSlice(s) : strings(pieces);
  }),
  ...withMust('regexReplaceAll', [s, s, s], s, (regexp, [value, template]) =>
    regexp.replaceAll(text(value), text(template)),
  ),
  ...withMust('regexReplaceAllLiteral', [s, s, s], s, (regexp, [value, replacement]) =>
    regexp.replaceAllLiteral(text(value), text(replacement)),
  ),
  define('regexQuoteMeta', [s], s, ([value], runtime) => {
    chargeBytes(runtime, text(value).length);
    return quoteMeta(text(value));
  }),
];

type Body = (regexp: Regexp, args: readonly Value[]) => Value;

/** A function and its twin whose errors are those of the pattern alone. */
function withMust(name: string, parameters: readonly GoType[], result: GoType, run: Body): TemplateFunction[] {
  return [name, `mustR${name.slice(1)}`].map((each) =>
    define(each, parameters, result, ([pattern, ...args], runtime) => {
      const regexp = compiled(text(pattern), text(args[0]), runtime, each !== name);
      return run(regexp, args);
    }),
  );
}

/** How many instructions, each looked at once for a byte of the text, make one step. */
const instructionsPerStep = 100;

/** Compiles a pattern to run over `value`, and charges for one pass over it. */
function compiled(pattern: string, value: string, runtime: FunctionRuntime, must: boolean): Regexp {
  const regexp = compile(pattern, runtime, must);
  runtime.budget.charge(Math.ceil((regexp.size * (value.length + 1)) / instructionsPerStep));
  return regexp;
}

function compile(pattern: string, runtime: FunctionRuntime, must: boolean): Regexp {
  try {
    return new Regexp(pattern, searchCounter(runtime));
  } catch (error) {
    if (!(error instanceof RegexpError)) throw error;
    const literal = formatString(pattern, 'q', { ...noFlags(), sharp: true });
    const message = must ? error.message : `regexp: Compile(${literal}): ${error.message}`;
    throw new FunctionError(message, { cause: error });
  }
}

function matchesOrFalse(pattern: string, value: string, runtime: FunctionRuntime): boolean {
  try {
    return compiled(pattern, value, runtime, true).matches(value);
  } catch (error) {
    if (error instanceof FunctionError) return false;
    throw error;
  }
}

function orNil(matches: readonly string[]): Value {
  return matches.length === 0 ? nilSlice(s) : strings(matches);
}

/** Searching again and again from each match on may look at the rest of the text every time. */
const maxSearchMs = 2_000;
const searchesPerLook = 256;

/** Ends a call that has searched for too long: no step count foresees how far each search looks ahead. */
function searchCounter(runtime: FunctionRuntime): OnSearch {
  const startMs = runtime.now();
  let searches = 0;
  let bytes = 0;
  return (madeBytes) => {
    runtime.budget.charge(1);
    bytes += madeBytes;
    runtime.budget.checkSize(bytes);
    searches++;
    if (searches % searchesPerLook === 0 && runtime.now() - startMs > maxSearchMs) {
      throw new LimitError(`a regular expression has searched for more than ${maxSearchMs} ms`);
    }
  };
}
