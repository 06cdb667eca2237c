/** Handlebars with our helpers and without those that reach out of the template. */
import type Handlebars from 'handlebars';
import type { Budget } from '../function.ts';
import { dataHelpers } from './datahelpers.ts';
import { type Helper, HelperError, helper, text } from './declaration.ts';
import type { Library } from './library.ts';
import { logicHelpers } from './logichelpers.ts';
import { printHelper } from './strictness.ts';
import { textHelpers } from './texthelpers.ts';

/** Every helper may go through the texts that it is given. */
const bytesPerStep = 16;

const helpers: readonly Helper[] = [...logicHelpers, ...textHelpers, ...dataHelpers];

/** Objects and lists print as JSON; null and what `lookup` did not find, as nothing. */
const print = helper(printHelper, 1, ([value]) => {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : text(value);
});

export const helperNames: ReadonlySet<string> = new Set([
  ...helpers.map(({ name }) => name),
  'if',
  'unless',
  'each',
  'with',
  'lookup',
]);

/** @param budgetOf of the rendering that is going on */
export function newEnvironment(library: Library, budgetOf: () => Budget): Library {
  const environment = library.create();
  // It would print secrets on the operator's output.
  environment.unregisterHelper('log');
  for (const each of [...helpers, print]) environment.registerHelper(each.name, metered(each, budgetOf));
  meterEach(environment, budgetOf);
  return environment;
}

/** Handlebars gives its own options as one argument more. */
function metered(declared: Helper, budgetOf: () => Budget): Handlebars.HelperDelegate {
  const { name, least, most } = declared;
  return (...given: unknown[]) => {
    const args = given.slice(0, -1);
    if (args.length < least || args.length > most) throw new HelperError(`${name} takes ${countText(least, most)}`);
    const budget = budgetOf();
    budget.charge(1);
    for (const arg of args) if (typeof arg === 'string') budget.charge(arg.length / bytesPerStep);
    const result = declared.run(args, budget);
    if (typeof result === 'string') budget.checkSize(result.length);
    return result;
  };
}

function countText(least: number, most: number): string {
  const noun = least === 1 ? 'argument' : 'arguments';
  return most === least ? `${least} ${noun}` : `at least ${least} ${noun}`;
}

/** Loops are all that makes more output than template and values have together. */
function meterEach(environment: Library, budgetOf: () => Budget): void {
  const original = environment.helpers['each'];
  if (original === undefined) throw new Error('handlebars has no each');
  environment.registerHelper('each', function each(this: unknown, context: unknown, options: Handlebars.HelperOptions) {
    const budget = budgetOf();
    let bytes = 0;
    const fn: Handlebars.TemplateDelegate = (item, runtimeOptions) => {
      const text = options.fn(item, runtimeOptions);
      bytes += text.length;
      budget.charge(1 + text.length / bytesPerStep);
      budget.checkSize(bytes);
      return text;
    };
    const made: unknown = original.call(this, context, { ...options, fn });
    return made;
  });
}
