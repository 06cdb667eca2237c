/** `find.name.regexp`: which names a find query is about. */
import { compileRe2, RegexpSyntaxError } from '../lib/re2.ts';
import { ProviderError } from './errors.ts';

/**
 * A test for names; without an expression every name passes.
 * @throws ProviderError `invalid` for an expression that RE2 does not take
 */
export function nameMatcher(nameRegexp: string | undefined): (name: string) => boolean {
  if (nameRegexp === undefined) return () => true;
  try {
    const expression = compileRe2(nameRegexp);
    return (name) => expression.test(name);
  } catch (cause) {
    if (!(cause instanceof RegexpSyntaxError)) throw cause;
    throw new ProviderError('invalid', `find.name.regexp is not valid: ${cause.message}`, { cause });
  }
}
