/** Every function that a template can call. */
import { builtinFunctions } from './builtins.ts';
import { filterFunctions } from './filters/index.ts';
import { type FunctionTable, functionTable } from './function.ts';
import { sprigFunctions } from './sprig/index.ts';

/** ESO copies sprig's functions over its own, and both over Go's: sprig's `slice` hides the builtin. */
export function allFunctions(): FunctionTable {
  return functionTable(builtinFunctions, filterFunctions, sprigFunctions);
}
