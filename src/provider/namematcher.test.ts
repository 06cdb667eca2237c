import { describe, expect, it } from 'vitest';
import { ProviderError } from './errors.ts';
import { nameMatcher } from './namematcher.ts';

describe('the name of a find query', () => {
  it('is matched anywhere, in RE2 syntax', () => {
    const matches = nameMatcher('^team-(a|b)/.*key$');
    expect([matches('team-a/api-key'), matches('team-c/api-key'), matches('my-team-a/key')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('may be absent', () => {
    expect(nameMatcher(undefined)('anything')).toBe(true);
  });

  it('is refused with the reason when it is no expression', () => {
    expect(() => nameMatcher('(?=x)')).toThrow(ProviderError);
    expect(() => nameMatcher('[a')).toThrow(
      'find.name.regexp is not valid: error parsing regexp: missing closing ]: `[a`',
    );
  });
});
